/** Whole guests, ready to use: a machine, a device in it, and a driver for that. */
@NullMarked
package io.drivebay.sim.guest;

import org.jspecify.annotations.NullMarked;
