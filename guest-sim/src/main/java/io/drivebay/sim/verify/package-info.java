/** Blocks that say what they are: stamping, reading back, and telling stale, foreign and broken data from good. */
@NullMarked
package io.drivebay.sim.verify;

import org.jspecify.annotations.NullMarked;
