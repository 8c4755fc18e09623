/** QMP itself: messages, sessions, commands by name, events. Knows nothing of disks. */
@NullMarked
package io.drivebay.monitor.protocol;

import org.jspecify.annotations.NullMarked;
