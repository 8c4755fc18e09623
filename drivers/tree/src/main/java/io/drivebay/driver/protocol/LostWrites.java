package io.drivebay.driver.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Remembers that a flush has failed.
 *
 * <p>When the page cache could not write its pages it drops them or takes them for clean: a later flush would succeed
 * although data is lost. So once a flush has failed, each one after it fails too, until the file is opened anew. Without
 * the page cache a failed flush may be tried again.
 */
final class LostWrites {
    private final boolean pageCache;
    private final AtomicInteger errno = new AtomicInteger();

    LostWrites(final boolean pageCache) {
        this.pageCache = pageCache;
    }

    /** The errno with which every flush fails from now on; 0 while there is none. Any thread. */
    int errno() {
        return errno.get();
    }

    /** Notes that a flush, or a write that was to be durable, failed. */
    void failed(final int failure) {
        if (pageCache) {
            errno.compareAndSet(0, failure);
        }
    }
}
