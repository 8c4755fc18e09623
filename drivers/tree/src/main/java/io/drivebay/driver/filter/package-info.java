/** The drivers that leave blocks where they are, and decide when, whether and how a request passes. */
@NullMarked
package io.drivebay.driver.filter;

import org.jspecify.annotations.NullMarked;
