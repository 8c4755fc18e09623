/** The {@code nbd} driver: blocks that another process or machine serves by the NBD protocol. */
@NullMarked
package io.drivebay.driver.protocol.nbd;

import org.jspecify.annotations.NullMarked;
