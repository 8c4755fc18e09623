/** What {@code drivebay nbd} does. */
@NullMarked
package io.drivebay.cli.nbd;

import org.jspecify.annotations.NullMarked;
