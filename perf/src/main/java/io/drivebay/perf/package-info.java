/** The latency harness and its reports. */
@NullMarked
package io.drivebay.perf;

import org.jspecify.annotations.NullMarked;
