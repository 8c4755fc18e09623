@NullMarked
package io.drivebay.virtio.blk;

import org.jspecify.annotations.NullMarked;
