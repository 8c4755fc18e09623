/** What the monitor does with disks: one class per family of commands. */
@NullMarked
package io.drivebay.monitor.command;

import org.jspecify.annotations.NullMarked;
