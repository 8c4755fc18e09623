/** Concurrency tests of the context's own protocols. */
@NullMarked
package io.drivebay.backend.context;

import org.jspecify.annotations.NullMarked;
