/** Tests of the NBD server: on the wire with a client that knows no manners, and with other people's clients. */
@NullMarked
package io.drivebay.exports.nbd;

import org.jspecify.annotations.NullMarked;
