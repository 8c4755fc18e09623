package io.drivebay.posix;

import static io.drivebay.backend.graph.Permission.ALL;
import static io.drivebay.backend.graph.Permission.CONSISTENT_READ;
import static io.drivebay.backend.graph.Permission.RESIZE;
import static io.drivebay.backend.graph.Permission.WRITE;
import static io.drivebay.backend.graph.Permission.WRITE_UNCHANGED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.Permission;
import io.drivebay.posix.OfdLocks.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageLockTest {
    private static final int READ_WRITE = Permission.set(CONSISTENT_READ, WRITE);
    private static final int READ = CONSISTENT_READ.bit();
    private static final int SHARE_READERS = Permission.set(CONSISTENT_READ, WRITE_UNCHANGED);

    @TempDir
    Path folder;

    private PosixFile firstFile;
    private PosixFile secondFile;
    private ImageLock first;
    private ImageLock second;

    @BeforeEach
    void openTheImageTwice() throws PosixException {
        firstFile = TestFiles.filled(folder.resolve("image"), 4096, 1);
        secondFile = PosixFile.open(firstFile.path(), OpenFlag.READ_WRITE);
        first = new ImageLock(firstFile);
        second = new ImageLock(secondFile);
    }

    @AfterEach
    void close() {
        firstFile.close();
        secondFile.close();
    }

    @Test
    void secondWriterIsRefusedAndTheMessageNamesThePermissionTheFileAndTheHolder() throws Exception {
        first.acquire(READ_WRITE, SHARE_READERS);
        final ImageLockedException e =
                assertThrows(ImageLockedException.class, () -> second.acquire(READ_WRITE, SHARE_READERS));
        assertEquals(WRITE, e.permission());
        assertEquals(Errno.EAGAIN.number(), e.errno());
        final long pid = ProcessHandle.current().pid();
        assertEquals(
                "Failed to get \"write\" lock on " + firstFile.path() + ": the image is in use by this process, pid "
                        + pid + " (java)",
                e.getMessage());
    }

    @Test
    void readersShareAnImage() throws Exception {
        first.acquire(READ, SHARE_READERS);
        second.acquire(READ, SHARE_READERS);
    }

    @Test
    void readerThatAllowsNoWriterRefusesToStartBesideOne() throws Exception {
        first.acquire(READ_WRITE, ALL);
        final ImageLockedException e =
                assertThrows(ImageLockedException.class, () -> second.acquire(READ, SHARE_READERS));
        assertEquals(WRITE, e.permission());
        assertTrue(String.valueOf(e.getMessage()).startsWith("Failed to get shared \"write\" lock on "));
    }

    @Test
    void writersThatShareEverythingGoTogether() throws Exception {
        first.acquire(READ_WRITE, ALL);
        second.acquire(READ_WRITE, ALL);
    }

    @Test
    void refusedAttemptLeavesNoByteLocked() throws Exception {
        first.acquire(READ_WRITE, SHARE_READERS);
        assertThrows(ImageLockedException.class, () -> second.acquire(RESIZE.bit(), 0));
        second.release();
        first.release();
        assertNull(new OfdLocks(firstFile).conflict(Kind.EXCLUSIVE, 0, 0));
    }

    @Test
    void refusedUpdateKeepsWhatWasHeld() throws Exception {
        first.acquire(READ, ALL & ~WRITE.bit());
        second.acquire(READ, ALL);
        assertThrows(ImageLockedException.class, () -> second.acquire(READ_WRITE, ALL));
        final OfdLocks seenByFirst = new OfdLocks(firstFile);
        assertNotNull(seenByFirst.conflict(Kind.EXCLUSIVE, 100, 1));
        assertNull(seenByFirst.conflict(Kind.EXCLUSIVE, 101, 1));
    }

    @Test
    void abortedPreparationGivesBackOnlyWhatWasNew() throws Exception {
        first.acquire(READ, ALL);
        first.prepare(READ_WRITE, SHARE_READERS);
        final OfdLocks seenBySecond = new OfdLocks(secondFile);
        assertNotNull(seenBySecond.conflict(Kind.EXCLUSIVE, 101, 1));
        first.abort();
        assertNull(seenBySecond.conflict(Kind.EXCLUSIVE, 101, 1));
        assertNull(seenBySecond.conflict(Kind.EXCLUSIVE, 201, 1));
        assertNotNull(seenBySecond.conflict(Kind.EXCLUSIVE, 100, 1));
    }

    @Test
    void releaseLetsTheOtherIn() throws Exception {
        first.acquire(READ_WRITE, SHARE_READERS);
        first.release();
        second.acquire(READ_WRITE, SHARE_READERS);
    }

    @Test
    void closingTheFileLetsTheOtherIn() throws Exception {
        first.acquire(READ_WRITE, SHARE_READERS);
        firstFile.close();
        second.acquire(READ_WRITE, SHARE_READERS);
    }
}
