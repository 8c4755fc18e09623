/** The virtio block device: features, configuration space, and its requests on their way to a backend and back. */
@NullMarked
package io.drivebay.virtio.blk;

import org.jspecify.annotations.NullMarked;
