/** A PC without a CPU: memory, ports, chipset, interrupt lines and an IDE controller, for programs that stand in for one. */
@NullMarked
package io.drivebay.sim.pc;

import org.jspecify.annotations.NullMarked;
