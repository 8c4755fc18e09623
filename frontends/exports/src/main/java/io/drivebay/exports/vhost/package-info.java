/** A block device behind a vhost-user socket: another process's virtual machine drives it through shared memory. */
@NullMarked
package io.drivebay.exports.vhost;

import org.jspecify.annotations.NullMarked;
