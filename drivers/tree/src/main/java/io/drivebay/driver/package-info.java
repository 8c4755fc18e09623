/** Block drivers: protocols, formats and filters. */
@NullMarked
package io.drivebay.driver;

import org.jspecify.annotations.NullMarked;
