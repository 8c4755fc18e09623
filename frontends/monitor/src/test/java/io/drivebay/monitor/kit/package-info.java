/** A monitor to talk to, a machine behind it, and a client. */
@NullMarked
package io.drivebay.monitor.kit;

import org.jspecify.annotations.NullMarked;
