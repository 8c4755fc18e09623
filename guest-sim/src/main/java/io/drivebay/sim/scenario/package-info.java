/** Scenario files: lines of what host and guest do, and what must come of it. */
@NullMarked
package io.drivebay.sim.scenario;

import org.jspecify.annotations.NullMarked;
