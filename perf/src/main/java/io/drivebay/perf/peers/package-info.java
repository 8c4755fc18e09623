/** Drivebay beside qemu-img and fio, in one run on one machine: the aims of {@code perf/README.md}, one row each. */
@NullMarked
package io.drivebay.perf.peers;

import org.jspecify.annotations.NullMarked;
