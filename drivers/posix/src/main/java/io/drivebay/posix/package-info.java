/** The calls into libc: the only package that knows JNA. */
@NullMarked
package io.drivebay.posix;

import org.jspecify.annotations.NullMarked;
