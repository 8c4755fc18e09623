/** The NBD server: whoever speaks the Network Block Device protocol gets at a block node. */
@NullMarked
package io.drivebay.exports.nbd;

import org.jspecify.annotations.NullMarked;
