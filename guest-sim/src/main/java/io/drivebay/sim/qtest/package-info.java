/** The qtest protocol, both ways: a machine that serves it, and guest programs that drive a machine through it. */
@NullMarked
package io.drivebay.sim.qtest;

import org.jspecify.annotations.NullMarked;
