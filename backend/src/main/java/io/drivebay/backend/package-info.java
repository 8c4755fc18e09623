/**
 * The seam between device models and trees of block drivers: whoever uses a disk holds a {@link
 * io.drivebay.backend.BlockBackend} and never sees a node, whoever builds trees never sees a device.
 */
@NullMarked
package io.drivebay.backend;

import org.jspecify.annotations.NullMarked;
