/** {@code drivebay demo}: shows what Drivebay does, and proves it, in half a minute. */
@NullMarked
package io.drivebay.cli.demo;

import org.jspecify.annotations.NullMarked;
