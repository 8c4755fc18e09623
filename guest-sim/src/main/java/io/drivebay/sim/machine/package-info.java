/** A machine without a CPU: guest memory, a bus, interrupt lines. Guest programs are threads, or steps of a simulation. */
@NullMarked
package io.drivebay.sim.machine;

import org.jspecify.annotations.NullMarked;
