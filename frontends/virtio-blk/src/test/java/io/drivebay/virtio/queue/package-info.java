@NullMarked
package io.drivebay.virtio.queue;

import org.jspecify.annotations.NullMarked;
