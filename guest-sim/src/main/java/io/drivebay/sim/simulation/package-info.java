/** Many things at once on one thread: a run follows from its seed, and so does its failure. */
@NullMarked
package io.drivebay.sim.simulation;

import org.jspecify.annotations.NullMarked;
