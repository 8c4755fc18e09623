package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a port that are in flight, each in a numbered slot, and those whose callbacks are still to be run.
 *
 * <p>An operation is known to the kernel by a token: its slot, and a generation that makes the token of a completion
 * that comes twice, or too late, one that nobody has. Nothing is allocated per operation.
 *
 * <pre>
 * token:  63: 0   62..32: generation   31..0: slot
 * </pre>
 */
final class OperationSlots {
    private static final int GENERATION_MASK = Integer.MAX_VALUE;

    private final @Nullable IoCompletion<?>[] completions;
    private final @Nullable Object[] cookies;
    private final @Nullable MemoryRegion[] iovecs;
    private final int[] generations;
    private final int[] free;
    private int freeCount;
    private boolean closed;

    private final int[] doneSlots;
    private final int[] doneResults;
    private int doneHead;
    private int doneCount;

    private final ArrayDeque<Runnable> waitingForRoom = new ArrayDeque<>();

    OperationSlots(final int capacity) {
        completions = new IoCompletion<?>[capacity];
        cookies = new Object[capacity];
        iovecs = new MemoryRegion[capacity];
        generations = new int[capacity];
        free = new int[capacity];
        doneSlots = new int[capacity];
        doneResults = new int[capacity];
        for (int slot = capacity - 1; slot >= 0; slot--) {
            free[freeCount++] = slot;
        }
    }

    int capacity() {
        return free.length;
    }

    /** How many slots are taken, including those whose callback is still to be run. */
    int inFlight() {
        return free.length - freeCount;
    }

    /** How many operations are in flight and not done. */
    int pending() {
        return inFlight() - doneCount;
    }

    /** Takes a slot; -1 when there is none, or the table is closed. */
    <T> int take(final IoCompletion<T> completion, final T cookie) {
        if (freeCount == 0 || closed) {
            return -1;
        }
        final int slot = free[--freeCount];
        completions[slot] = completion;
        cookies[slot] = cookie;
        return slot;
    }

    /** What the kernel knows the operation in a slot by. */
    long token(final int slot) {
        return (long) generations[slot] << Integer.SIZE | slot;
    }

    /** Off-heap memory of a slot with the iovec array of a list. */
    MemoryRegion iovecs(final int slot, final IoVector vector) {
        final MemoryRegion memory = iovecMemory(slot, vector.count());
        IovecDescriptor.fill(memory, vector);
        return memory;
    }

    /** Off-heap memory of a slot with an iovec array of one segment. */
    MemoryRegion iovec(final int slot, final long address, final int lengthBytes) {
        final MemoryRegion memory = iovecMemory(slot, 1);
        IovecDescriptor.put(memory, 0, address, lengthBytes);
        return memory;
    }

    private MemoryRegion iovecMemory(final int slot, final int count) {
        final MemoryRegion present = iovecs[slot];
        if (present != null && present.size() >= count * IovecDescriptor.BYTES) {
            return present;
        }
        final MemoryRegion larger = IovecDescriptor.allocate(count);
        iovecs[slot] = larger;
        return larger;
    }

    /** Notes that an operation is done; its callback runs later. */
    void done(final long token, final int result) {
        final int slot = (int) token;
        if (slot < 0 || slot >= free.length || token != token(slot) || completions[slot] == null) {
            throw new IllegalStateException("an operation completed that is not in flight, or twice: token="
                    + Long.toHexString(token) + " result=" + result);
        }
        generations[slot] = generations[slot] + 1 & GENERATION_MASK;
        final int at = (doneHead + doneCount) % free.length;
        doneSlots[at] = slot;
        doneResults[at] = result;
        doneCount++;
    }

    /** Notes all operations that are not done as done with one result. */
    void doneAll(final int result) {
        final boolean[] finished = new boolean[free.length];
        for (int i = 0; i < freeCount; i++) {
            finished[free[i]] = true;
        }
        for (int i = 0; i < doneCount; i++) {
            finished[doneSlots[(doneHead + i) % free.length]] = true;
        }
        for (int slot = 0; slot < free.length; slot++) {
            if (!finished[slot]) {
                done(token(slot), result);
            }
        }
    }

    boolean hasDone() {
        return doneCount > 0;
    }

    /**
     * Runs the callbacks of what is done, then of those who wait for room. A callback that throws has been run; the
     * others are run by the next call.
     *
     * @return how many operations were completed
     */
    int runCallbacks() {
        final int count = doneCount;
        for (int i = 0; i < count; i++) {
            final int slot = doneSlots[doneHead];
            final int result = doneResults[doneHead];
            doneHead = doneHead + 1 == free.length ? 0 : doneHead + 1;
            doneCount--;
            complete(slot, result);
        }
        if (!waitingForRoom.isEmpty() && !closed) {
            offerRoom();
        }
        return count;
    }

    @SuppressWarnings("unchecked") // take() stored the two together
    private void complete(final int slot, final int result) {
        final IoCompletion<Object> completion = (IoCompletion<Object>) completions[slot];
        final Object cookie = cookies[slot];
        completions[slot] = null;
        cookies[slot] = null;
        free[freeCount++] = slot;
        completion.completed(cookie, result);
    }

    /** Hands out no slot from now on, and offers no room. */
    void close() {
        closed = true;
    }

    void whenRoom(final Runnable retry) {
        waitingForRoom.add(retry);
    }

    private void offerRoom() {
        for (int waiting = waitingForRoom.size(); waiting > 0 && freeCount > 0; waiting--) {
            waitingForRoom.remove().run();
        }
    }
}
