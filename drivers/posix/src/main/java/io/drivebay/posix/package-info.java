/** The only door to libc: files, locks, mapped memory, eventfd, epoll, io_uring and the wait ports built on them. */
@NullMarked
package io.drivebay.posix;

import org.jspecify.annotations.NullMarked;
