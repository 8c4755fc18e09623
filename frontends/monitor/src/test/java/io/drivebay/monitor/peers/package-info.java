/** QEMU's own monitors beside ours. */
@NullMarked
package io.drivebay.monitor.peers;

import org.jspecify.annotations.NullMarked;
