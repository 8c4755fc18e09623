package io.drivebay.driver.protocol;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.posix.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A file in memory that moves as many bytes at a time, or fails, as its script says; without a script it works. */
final class ScriptedEngine implements FileEngine {
    private final IoContext context;
    private final ArrayDeque<Integer> limits = new ArrayDeque<>();
    private final ArrayDeque<Integer> flushes = new ArrayDeque<>();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    final byte[] content;
    final List<String> calls = new ArrayList<>();
    private int fileBytes;
    private int room = Integer.MAX_VALUE;

    /** @param fileBytes how much of the content lies before the end of the file */
    ScriptedEngine(final IoContext context, final int capacity, final int fileBytes) {
        this.context = context;
        this.content = new byte[capacity];
        this.fileBytes = fileBytes;
    }

    /** The next transfers move at most so many bytes each; a negative number is an errno. */
    ScriptedEngine moving(final int... bytes) {
        for (final int limit : bytes) {
            limits.add(limit);
        }
        return this;
    }

    /** The results of the next flushes. */
    ScriptedEngine flushing(final int... results) {
        for (final int result : results) {
            flushes.add(result);
        }
        return this;
    }

    /** Takes so many operations and no more. */
    void room(final int operations) {
        room = operations;
        while (room > 0 && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    private boolean refuses() {
        if (room == 0) {
            return true;
        }
        room--;
        return false;
    }

    private boolean end(final FileTask task, final int result) {
        context.execute(() -> task.done(result));
        return true;
    }

    private int allowed(final long wanted) {
        final Integer limit = limits.poll();
        return limit == null ? (int) wanted : (int) Math.min(limit, wanted);
    }

    @Override
    public boolean read(final IoVector vector, final long offset, final FileTask task) {
        if (refuses()) {
            return false;
        }
        calls.add("read " + offset + "+" + vector.bytes());
        final int count = allowed(Math.max(0, Math.min(vector.bytes(), fileBytes - offset)));
        if (count > 0) {
            final MemoryRegion copy = MemoryRegion.allocate(count);
            copy.putBytes(0, content, (int) offset, count);
            vector.copyFrom(0, copy, 0, count);
        }
        return end(task, count);
    }

    @Override
    public boolean write(final IoVector vector, final long offset, final boolean durable, final FileTask task) {
        if (refuses()) {
            return false;
        }
        calls.add((durable ? "durable write " : "write ") + offset + "+" + vector.bytes());
        final int count = allowed(vector.bytes());
        if (count > 0) {
            final MemoryRegion copy = MemoryRegion.allocate(count);
            vector.copyTo(0, copy, 0, count);
            copy.getBytes(0, content, (int) offset, count);
            fileBytes = Math.max(fileBytes, (int) offset + count);
        }
        return end(task, count);
    }

    @Override
    public boolean flush(final FileTask task) {
        if (refuses()) {
            return false;
        }
        calls.add("flush");
        final Integer result = flushes.poll();
        return end(task, result == null ? 0 : result);
    }

    @Override
    public void whenRoom(final Runnable retry) {
        waiting.add(retry);
    }

    @Override
    public void resize(final long newLengthBytes) {
        fileBytes = (int) newLengthBytes;
    }

    @Override
    public void close() {
        calls.add("close");
    }

    static int error(final Errno errno) {
        return -errno.number();
    }
}
