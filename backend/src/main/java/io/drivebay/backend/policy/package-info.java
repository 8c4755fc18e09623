/** What becomes of I/O errors. */
@NullMarked
package io.drivebay.backend.policy;

import org.jspecify.annotations.NullMarked;
