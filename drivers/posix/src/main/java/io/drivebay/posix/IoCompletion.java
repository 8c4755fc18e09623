package io.drivebay.posix;

/**
 * Learns that an operation is done. Called once for each accepted operation, on the port's thread, out of
 * {@link AsyncFilePort#poll()} or {@link AsyncFilePort#close()}, never out of the call that started it.
 *
 * @param <T> what an operation's owner tells its operations apart by
 */
@FunctionalInterface
public interface IoCompletion<T> {
    /**
     * May start further operations.
     *
     * @param cookie what was given with the operation
     * @param result bytes moved (fewer than asked for is possible), or 0, or what a task returned; a negative number is
     *     an {@link Errno} number with its sign turned
     */
    void completed(T cookie, int result);
}
