/** The virtio-blk device model and its virtqueues. */
@NullMarked
package io.drivebay.virtio;

import org.jspecify.annotations.NullMarked;
