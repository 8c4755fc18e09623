/** The monitor: QMP on a block layer and, where there is one, the machine that uses it. */
@NullMarked
package io.drivebay.monitor;

import org.jspecify.annotations.NullMarked;
