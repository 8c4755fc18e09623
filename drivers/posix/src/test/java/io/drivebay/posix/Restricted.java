package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.lang.ref.Reference;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs code on a thread of its own to which the kernel denies one system call, as a container's filter would. */
final class Restricted {
    private static final boolean X86_64 = Abi.X86_64;
    private static final long SYS_PRCTL = X86_64 ? 157 : 167;
    private static final long SYS_SECCOMP = X86_64 ? 317 : 277;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int RETURN_ALLOW = 0x7fff0000;
    private static final int RETURN_ERRNO = 0x00050000;
    private static final int LOAD_WORD = 0x20;
    /** To the next instruction, or over it. */
    private static final int JUMP_IF_EQUAL = 0x15 | 1 << 24;

    private static final int RETURN = 0x06;

    private Restricted() {}

    /** Calls an action on a new thread after denying the system call there. */
    static <T> T call(final long deniedCall, final Errno errno, final Callable<T> action) throws Exception {
        return onNewThread(() -> {
            deny(deniedCall, errno);
            return action.call();
        });
    }

    /** Calls an action on a new thread and passes its result, or what it throws, on. */
    static <T> T onNewThread(final Callable<T> action) throws Exception {
        final FutureTask<T> task = new FutureTask<>(action);
        final Thread thread = new Thread(task, "restricted");
        thread.start();
        thread.join();
        try {
            return task.get();
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** From here on, and for ever, the system call fails on this thread. */
    static void deny(final long deniedCall, final Errno errno) throws PosixException {
        final MemoryRegion filter = MemoryRegion.allocate(4 * 8);
        instruction(filter, 0, LOAD_WORD, 0);
        instruction(filter, 1, JUMP_IF_EQUAL, (int) deniedCall);
        instruction(filter, 2, RETURN, RETURN_ERRNO | errno.number());
        instruction(filter, 3, RETURN, RETURN_ALLOW);
        final MemoryRegion program = MemoryRegion.allocate(16);
        program.putShort(0, (short) 4);
        program.putLong(8, NativeMemory.addressOf(filter));
        try {
            Calls.check(LibC.syscall(SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0), "prctl", "this thread");
            final long address = NativeMemory.addressOf(program);
            Calls.check(LibC.syscall(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, 0, address, 0, 0, 0), "seccomp", "it");
        } finally {
            Reference.reachabilityFence(filter);
            Reference.reachabilityFence(program);
        }
    }

    /** {@code struct sock_filter}: code(16) jump if true(8) jump if false(8) operand(32). */
    private static void instruction(
            final MemoryRegion filter, final int index, final int codeAndJumps, final int operand) {
        filter.putInt(index * 8, codeAndJumps);
        filter.putInt(index * 8 + 4, operand);
    }
}
