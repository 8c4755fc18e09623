/** The drivers at the leaves of a tree: where blocks are really kept. */
@NullMarked
package io.drivebay.driver.protocol;

import org.jspecify.annotations.NullMarked;
