/** Virtqueues as the device sees them: chains of guest buffers come out, used ones go back. Knows no device. */
@NullMarked
package io.drivebay.virtio.queue;

import org.jspecify.annotations.NullMarked;
