@NullMarked
package io.drivebay.virtio.mmio;

import org.jspecify.annotations.NullMarked;
