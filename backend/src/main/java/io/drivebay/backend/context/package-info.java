/** I/O contexts: the single thread (or the simulator's stand-in) that runs a tree of block nodes. */
@NullMarked
package io.drivebay.backend.context;

import org.jspecify.annotations.NullMarked;
