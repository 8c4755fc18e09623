/** Brings clients to a monitor: Unix and TCP sockets, listening or connecting, and any pair of channels. */
@NullMarked
package io.drivebay.monitor.server;

import org.jspecify.annotations.NullMarked;
