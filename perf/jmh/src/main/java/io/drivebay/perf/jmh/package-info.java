/** Microbenchmarks; each one checks its own answer. */
@NullMarked
package io.drivebay.perf.jmh;

import org.jspecify.annotations.NullMarked;
