/** Objects that nodes and exports refer to by id: limits, threads, secrets, credentials. */
@NullMarked
package io.drivebay.backend.object;

import org.jspecify.annotations.NullMarked;
