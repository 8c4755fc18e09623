package io.drivebay.posix;

import io.drivebay.posix.FileStatus.Identity;
import io.drivebay.posix.OfdLocks.Conflict;
import io.drivebay.posix.OfdLocks.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who holds a lock. The kernel names no process for a lock of an open file (its pid is -1 in /proc/locks),
 * but {@code /proc/PID/fdinfo/FD} lists the locks of each open file, so whoever has the file open is looked at.
 *
 * <p>Processes of other users are visible to root only. Slow (walks all of /proc): for error messages.
 */
public final class LockHolders {
    private static final Path PROC = Path.of("/proc");
    private static final String LOCK_LINE = "lock:";

    private LockHolders() {}

    /** The processes that hold a lock on a byte of a file other than this open file; empty when none is visible. */
    public static List<LockHolder> of(final PosixFile file, final long atByte) throws PosixException {
        final Identity identity = file.status().identity();
        final List<LockHolder> holders = new ArrayList<>();
        for (final Path process : processes()) {
            if (holds(process, identity, atByte, file.fd())) {
                holders.add(describe(Integer.parseInt(process.getFileName().toString())));
            }
        }
        return holders;
    }

    /** Who is in the way, as words for an error: {@code pid 12 (qemu-img)}, or that it could not be found out. */
    public static String describe(final PosixFile file, final Conflict conflict) {
        if (conflict.pid() > 0) {
            return describe(conflict.pid()).toString();
        }
        try {
            final List<LockHolder> holders = of(file, conflict.startByte());
            if (!holders.isEmpty()) {
                return String.join(
                        ", ", holders.stream().map(LockHolder::toString).toList());
            }
        } catch (final PosixException e) {
            return "someone unknown (" + e.getMessage() + ")";
        }
        return "a process that is not visible to this user";
    }

    private static LockHolder describe(final int pid) {
        String command = "";
        try {
            command = Files.readString(PROC.resolve(pid + "/comm"), StandardCharsets.UTF_8)
                    .strip();
        } catch (final IOException e) {
            // The process has ended or is hidden: its number must do.
        }
        return new LockHolder(pid, command);
    }

    private static boolean holds(final Path process, final Identity identity, final long atByte, final int ownFd) {
        final boolean self =
                process.endsWith(Long.toString(ProcessHandle.current().pid()));
        for (final Path link : entries(process.resolve("fd"))) {
            final String fd = link.getFileName().toString();
            final boolean asking = self && fd.equals(Integer.toString(ownFd));
            if (!asking
                    && leadsTo(link, identity)
                    && locks(process.resolve("fdinfo").resolve(fd), atByte)) {
                return true;
            }
        }
        return false;
    }

    private static boolean leadsTo(final Path link, final Identity identity) {
        try {
            return PosixFile.statusOf(link.toString()).identity().equals(identity);
        } catch (final PosixException e) {
            return false; // closed meanwhile, or hidden
        }
    }

    private static boolean locks(final Path fdinfo, final long atByte) {
        try {
            for (final String line : Files.readAllLines(fdinfo, StandardCharsets.ISO_8859_1)) {
                final Conflict lock = parse(line);
                if (lock != null && covers(lock, atByte)) {
                    return true;
                }
            }
        } catch (final IOException e) {
            return false; // closed meanwhile, or hidden
        }
        return false;
    }

    private static boolean covers(final Conflict lock, final long atByte) {
        return atByte >= lock.startByte()
                && (lock.lengthBytes() == 0 || atByte < lock.startByte() + lock.lengthBytes());
    }

    /**
     * Reads a line as {@code lock: 1: OFDLCK  ADVISORY  READ -1 fe:00:1234 100 101}; the last number is the range's
     * last byte or EOF.
     *
     * @return null for a line of another kind
     */
    static @Nullable Conflict parse(final String line) {
        if (!line.startsWith(LOCK_LINE)) {
            return null;
        }
        final String[] words = line.substring(LOCK_LINE.length()).strip().split("\\s+", -1);
        final int expected = 8;
        if (words.length != expected) {
            return null;
        }
        final long start = Long.parseLong(words[6]);
        final long length = words[7].equals("EOF") ? 0 : Long.parseLong(words[7]) - start + 1;
        final Kind kind = words[3].equals("WRITE") ? Kind.EXCLUSIVE : Kind.SHARED;
        return new Conflict(kind, start, length, Integer.parseInt(words[4]));
    }

    private static List<Path> processes() {
        final List<Path> found = entries(PROC);
        found.removeIf(path -> !path.getFileName().toString().chars().allMatch(Character::isDigit));
        return found;
    }

    private static List<Path> entries(final Path directory) {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(found::add);
        } catch (final IOException | DirectoryIteratorException e) {
            return found; // the process has ended or is hidden
        }
        return found;
    }
}
