package io.drivebay.backend.context;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A port without a kernel's I/O behind it: it only sleeps and wakes. For contexts whose drivers complete by themselves. */
public final class ParkPort implements WaitPort {
    private volatile boolean woken;
    private volatile @Nullable Thread sleeper;

    @Override
    public int poll() {
        return 0;
    }

    @Override
    public void await(final long timeoutNs) {
        sleeper = Thread.currentThread();
        if (!woken && timeoutNs > 0) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        sleeper = null;
        woken = false;
    }

    @Override
    public void wake() {
        woken = true;
        final Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public boolean busy() {
        return false;
    }

    @Override
    public void close() {
        wake();
    }
}
