/** {@code drivebay bench}: drives a disk, takes the time, and compares. */
@NullMarked
package io.drivebay.cli.bench;

import org.jspecify.annotations.NullMarked;
