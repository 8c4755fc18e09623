/** The virtio-mmio transport: a device's registers in a window of memory. */
@NullMarked
package io.drivebay.virtio.mmio;

import org.jspecify.annotations.NullMarked;
