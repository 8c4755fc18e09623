package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ErrnoTest {
    @Test
    void numbersAreThoseOfTheKernel() {
        assertEquals(5, Errno.EIO.number());
        assertEquals(28, Errno.ENOSPC.number());
        assertEquals(95, Errno.EOPNOTSUPP.number());
        assertEquals(123, Errno.ENOMEDIUM.number());
    }

    @Test
    void numbersAreUnique() {
        final long distinct = List.of(Errno.values()).stream()
                .mapToInt(Errno::number)
                .distinct()
                .count();
        assertEquals(Errno.values().length, distinct);
    }

    @Test
    void unknownNumberIsDescribedByItself() {
        assertEquals("errno 4095", Errno.nameOf(4095));
        assertEquals("errno 4095", Errno.describe(4095));
    }

    @Test
    void errnoIsThatOfTheLastCallOfTheSameThreadWhileOthersFailDifferentlyAndMemoryIsCollected() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            final List<Future<Integer>> wrong = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                wrong.add(threads.submit(i % 2 == 0 ? ErrnoTest::failWithEbadf : ErrnoTest::failWithEinval));
            }
            for (final Future<Integer> count : wrong) {
                assertEquals(0, count.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    private static int failWithEbadf() {
        return wrongAnswers(Errno.EBADF, () -> LibC.fsync(-1));
    }

    private static int failWithEinval() {
        return wrongAnswers(Errno.EINVAL, () -> LibC.epoll_create1(-1));
    }

    private static int wrongAnswers(final Errno expected, final Callable<Integer> call) {
        int wrong = 0;
        long garbage = 0;
        for (int i = 0; i < 20_000; i++) {
            final int result;
            try {
                result = call.call();
            } catch (final Exception e) {
                throw new AssertionError(e);
            }
            final int errno = LibC.errno();
            wrong += result == -1 && expected.is(errno) ? 0 : 1;
            garbage += new byte[4096].length;
        }
        assertTrue(garbage > 0);
        return wrong;
    }
}
