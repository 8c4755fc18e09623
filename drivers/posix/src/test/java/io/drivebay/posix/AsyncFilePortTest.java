package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.posix.PortOptions.Engine;
import org.junit.jupiter.api.Test;

final class AsyncFilePortTest {
    private static Engine engineWhere(final Errno setupFailsWith) throws Exception {
        return Restricted.call(Abi.SYS_IO_URING_SETUP, setupFailsWith, () -> {
            try (AsyncFilePort port = AsyncFilePort.open(PortOptions.DEFAULT)) {
                return port.engine();
            }
        });
    }

    @Test
    void threadsTakeThePlaceOfAForbiddenIoUring() throws Exception {
        assertEquals(Engine.THREADS, engineWhere(Errno.EPERM));
    }

    @Test
    void threadsTakeThePlaceOfAMissingIoUring() throws Exception {
        assertEquals(Engine.THREADS, engineWhere(Errno.ENOSYS));
    }

    @Test
    void ioUringThatWasDemandedAndCannotBeHadIsAFailure() throws Exception {
        final PortOptions options = PortOptions.DEFAULT.with(Engine.IO_URING);
        final IoUringUnavailableException e = Restricted.call(
                Abi.SYS_IO_URING_SETUP,
                Errno.EPERM,
                () -> assertThrows(IoUringUnavailableException.class, () -> AsyncFilePort.open(options)));
        assertEquals(Errno.EPERM.number(), e.errno());
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PortOptions.DEFAULT.withOperations(0));
        assertThrows(IllegalArgumentException.class, () -> PortOptions.DEFAULT.withOperations(16385));
        assertThrows(IllegalArgumentException.class, () -> new PortOptions(Engine.AUTO, 1, 0));
    }
}
