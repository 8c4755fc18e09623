/** What a client may send: a fuzz target, and its corpus as tests. */
@NullMarked
package io.drivebay.monitor.fuzz;

import org.jspecify.annotations.NullMarked;
