package io.drivebay.ide.kit;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.ide.device.DmaPort;
import io.drivebay.ide.device.DriveSocket;
import io.drivebay.ide.device.IdeDevice;
import org.jspecify.annotations.Nullable;

/** A socket with a bus master that has one piece of memory and is always started. */
public final class TestSocket implements DriveSocket, DmaPort {
    public @Nullable IdeDevice drive;
    public MemoryRegion memory = MemoryRegion.allocate(1 << 20);
    public int memoryBytes = memory.size();
    public boolean memoryMissing;
    public boolean started = true;
    public String ended = "";
    public int interrupts;

    private int at;
    private boolean wasPending;

    public IdeDevice drive() {
        final IdeDevice plugged = drive;
        if (plugged == null) {
            throw new IllegalStateException("no drive in the socket");
        }
        return plugged;
    }

    @Override
    public Object lock() {
        return this;
    }

    @Override
    public boolean second() {
        return false;
    }

    @Override
    public void interruptChanged() {
        final IdeDevice plugged = drive;
        final boolean pending = plugged != null && plugged.interruptPending();
        if (pending && !wasPending) {
            interrupts++;
        }
        wasPending = pending;
    }

    @Override
    public DmaPort dma() {
        return this;
    }

    @Override
    public void diagnose() {
        drive().diagnose();
    }

    @Override
    public void request() {
        at = 0;
        ended = "";
        if (started) {
            drive().dmaStarted();
        }
    }

    @Override
    public int next(final IoVector vector, final int bytes) {
        if (memoryMissing) {
            return NOWHERE;
        }
        final int there = Math.min(bytes, memoryBytes - at);
        vector.add(memory, at, there);
        at += there;
        return there;
    }

    @Override
    public boolean moves() {
        return true;
    }

    @Override
    public void finish() {
        ended = "finished";
    }

    @Override
    public void exhausted() {
        ended = "exhausted";
    }

    @Override
    public void fail(final boolean missing) {
        ended = missing ? "memory missing" : "failed";
    }
}
