/** What {@code drivebay daemon} does: qemu-storage-daemon's command line. */
@NullMarked
package io.drivebay.cli.daemon;

import org.jspecify.annotations.NullMarked;
