/** {@code drivebay machine}: a PC without a CPU, set up by qemu-system's command line. */
@NullMarked
package io.drivebay.cli.machine;

import org.jspecify.annotations.NullMarked;
