/** A guest whose devices live in another process: memory shared through descriptors, and vhost-user messages. */
@NullMarked
package io.drivebay.sim.vhost;

import org.jspecify.annotations.NullMarked;
