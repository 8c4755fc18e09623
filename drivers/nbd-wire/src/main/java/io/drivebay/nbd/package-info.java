/** What both ends of an NBD connection share: the protocol's numbers, byte streams with and without TLS, socket watching. */
@NullMarked
package io.drivebay.nbd;

import org.jspecify.annotations.NullMarked;
