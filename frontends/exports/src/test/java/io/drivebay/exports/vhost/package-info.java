/** The vhost-user server driven by our guest, by hostile clients, and beside others. */
@NullMarked
package io.drivebay.exports.vhost;

import org.jspecify.annotations.NullMarked;
