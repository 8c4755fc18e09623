/** The workload engine: who reads and writes what, how fast, and how long that took. */
@NullMarked
package io.drivebay.sim.workload;

import org.jspecify.annotations.NullMarked;
