/** What is asked of a disk: operations, statuses and the caller-owned request that carries them down and up a tree. */
@NullMarked
package io.drivebay.backend.request;

import org.jspecify.annotations.NullMarked;
