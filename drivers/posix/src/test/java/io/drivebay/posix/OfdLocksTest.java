package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.posix.OfdLocks.Conflict;
import io.drivebay.posix.OfdLocks.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OfdLocksTest {
    @TempDir
    Path folder;

    private PosixFile firstFile;
    private PosixFile secondFile;
    private OfdLocks first;
    private OfdLocks second;

    @BeforeEach
    void openTwice() throws PosixException {
        firstFile = TestFiles.filled(folder.resolve("f"), 4096, 1);
        secondFile = PosixFile.open(firstFile.path(), OpenFlag.READ_WRITE);
        first = new OfdLocks(firstFile);
        second = new OfdLocks(secondFile);
    }

    @AfterEach
    void close() {
        firstFile.close();
        secondFile.close();
    }

    @Test
    void sharedLocksGoTogether() throws PosixException {
        assertTrue(first.tryLock(Kind.SHARED, 10, 5));
        assertTrue(second.tryLock(Kind.SHARED, 10, 5));
        assertFalse(second.tryLock(Kind.EXCLUSIVE, 14, 1));
    }

    @Test
    void exclusiveLockKeepsAnotherOpenFileOfTheSameProcessOut() throws PosixException {
        assertTrue(first.tryLock(Kind.EXCLUSIVE, 0, 0));
        assertFalse(second.tryLock(Kind.SHARED, 1 << 20, 1));
    }

    @Test
    void conflictTellsRangeAndKindAndNoProcess() throws PosixException {
        first.tryLock(Kind.SHARED, 100, 3);
        assertEquals(new Conflict(Kind.SHARED, 100, 3, -1), second.conflict(Kind.EXCLUSIVE, 101, 1));
        assertNull(second.conflict(Kind.SHARED, 101, 1));
        assertNull(first.conflict(Kind.EXCLUSIVE, 101, 1));
    }

    @Test
    void unlockedRangeIsFree() throws PosixException {
        first.tryLock(Kind.EXCLUSIVE, 100, 3);
        first.unlock(101, 1);
        assertTrue(second.tryLock(Kind.EXCLUSIVE, 101, 1));
        assertFalse(second.tryLock(Kind.EXCLUSIVE, 102, 1));
    }

    @Test
    void exclusiveLockOfAFileOpenForReadingFailsWithEbadf() throws PosixException {
        try (PosixFile readOnly = PosixFile.open(firstFile.path())) {
            final PosixException e =
                    assertThrows(PosixException.class, () -> new OfdLocks(readOnly).tryLock(Kind.EXCLUSIVE, 0, 1));
            assertEquals(Errno.EBADF.number(), e.errno());
        }
    }

    @Test
    void holderIsFoundByByte() throws PosixException {
        first.tryLock(Kind.SHARED, 100, 3);
        final List<LockHolder> holders = LockHolders.of(secondFile, 102);
        assertEquals(1, holders.size());
        assertEquals(ProcessHandle.current().pid(), holders.get(0).pid());
        assertTrue(LockHolders.of(secondFile, 103).isEmpty());
    }

    @Test
    void ownLocksAreNotThoseOfAHolder() throws PosixException {
        first.tryLock(Kind.SHARED, 100, 3);
        assertTrue(LockHolders.of(firstFile, 100).isEmpty());
    }

    @Test
    void lockLinesOfFdinfoAreUnderstood() {
        assertEquals(
                new Conflict(Kind.EXCLUSIVE, 100, 2, -1),
                LockHolders.parse("lock:\t1: OFDLCK  ADVISORY  WRITE -1 fe:00:1234 100 101"));
        assertEquals(
                new Conflict(Kind.SHARED, 0, 0, 77),
                LockHolders.parse("lock:\t1: POSIX  ADVISORY  READ 77 00:1b:9 0 EOF"));
        assertNull(LockHolders.parse("pos:\t0"));
        assertNull(LockHolders.parse("lock:\tsomething else"));
    }
}
