/** A test kit: machines with drives, media with faults, the host's hand, guests, a stepped clock and a trace, from a seed. */
@NullMarked
package io.drivebay.sim.kit;

import org.jspecify.annotations.NullMarked;
