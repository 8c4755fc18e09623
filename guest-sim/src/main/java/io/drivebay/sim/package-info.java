/** The guest's side: guest memory, a machine without a CPU, and drivers of the device models. */
@NullMarked
package io.drivebay.sim;

import org.jspecify.annotations.NullMarked;
