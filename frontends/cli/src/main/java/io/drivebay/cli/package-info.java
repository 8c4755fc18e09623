/** The {@code drivebay} command: wires drivers, backends and frontends together. */
@NullMarked
package io.drivebay.cli;

import org.jspecify.annotations.NullMarked;
