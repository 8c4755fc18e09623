/** The other side, for tests: a guest's ring and registers, written from the specification, and a disk under control. */
@NullMarked
package io.drivebay.virtio.testguest;

import org.jspecify.annotations.NullMarked;
