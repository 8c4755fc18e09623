/** Tests of the nbd driver: against servers that others wrote, and against one that misbehaves as told. */
@NullMarked
package io.drivebay.driver.protocol.nbd;

import org.jspecify.annotations.NullMarked;
