package io.drivebay.posix;

import java.util.HashMap;
import java.util.Map;

/** The error numbers a block layer meets on Linux (the same on x86-64 and aarch64), with a sentence for people. */
public enum Errno {
    // spotless:off
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    EINTR(4, "interrupted by a signal"),
    EIO(5, "the device or file system reported an I/O error"),
    ENXIO(6, "no such device or address, or nothing beyond this offset"),
    E2BIG(7, "argument too long"),
    EBADF(9, "bad file descriptor, or not open for this kind of access"),
    EAGAIN(11, "not now: the resource is in use or exhausted, or locked by someone else"),
    ENOMEM(12, "not enough memory, or a memory limit was reached"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad memory address"),
    ENOTBLK(15, "not a block device"),
    EBUSY(16, "device or resource busy"),
    EEXIST(17, "already exists"),
    EXDEV(18, "crosses a file system boundary"),
    ENODEV(19, "no such device"),
    ENOTDIR(20, "a part of the path is not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "the system has too many open files"),
    EMFILE(24, "this process has too many open files"),
    ENOTTY(25, "the device does not know this control operation"),
    ETXTBSY(26, "the file is being executed"),
    EFBIG(27, "beyond the largest file size"),
    ENOSPC(28, "no space left on device"),
    ESPIPE(29, "not seekable"),
    EROFS(30, "read-only file system"),
    EPIPE(32, "the reading end is gone"),
    ERANGE(34, "out of range"),
    EDEADLK(35, "would deadlock"),
    ENAMETOOLONG(36, "path too long"),
    ENOLCK(37, "no locks available"),
    ENOSYS(38, "the kernel does not have this system call"),
    ELOOP(40, "too many symbolic links"),
    ENODATA(61, "no data available"),
    ETIME(62, "timer expired"),
    EPROTO(71, "protocol error"),
    EBADMSG(74, "damaged data"),
    EOVERFLOW(75, "value too large"),
    EBADFD(77, "descriptor in the wrong state"),
    EILSEQ(84, "data failed its integrity check"),
    EDESTADDRREQ(89, "destination address required"),
    EMSGSIZE(90, "message too long"),
    EOPNOTSUPP(95, "not supported by this file system or device"),
    EADDRINUSE(98, "address already in use"),
    ENETUNREACH(101, "network unreachable"),
    ECONNABORTED(103, "connection aborted"),
    ECONNRESET(104, "connection reset by the other side"),
    ENOBUFS(105, "no buffer space available"),
    ENOTCONN(107, "not connected"),
    ESHUTDOWN(108, "already shut down"),
    ETIMEDOUT(110, "timed out"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTUNREACH(113, "host unreachable"),
    EALREADY(114, "already in progress"),
    EINPROGRESS(115, "in progress"),
    ESTALE(116, "stale network file handle"),
    EUCLEAN(117, "the file system is damaged"),
    EREMOTEIO(121, "remote I/O error, often a device that refused the command"),
    EDQUOT(122, "disk quota exceeded"),
    ENOMEDIUM(123, "no medium in the drive"),
    EMEDIUMTYPE(124, "wrong medium type"),
    ECANCELED(125, "canceled");
    // spotless:on

    private static final Map<Integer, Errno> BY_NUMBER = new HashMap<>();

    static {
        for (final Errno errno : values()) {
            BY_NUMBER.put(errno.number, errno);
        }
    }

    private final int number;
    private final String sentence;

    Errno(final int number, final String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    /** The number as libc knows it, positive. */
    public int number() {
        return number;
    }

    /** What it means, in a few words without a full stop. */
    public String sentence() {
        return sentence;
    }

    /** {@code EIO}, or {@code errno 200} for a number that is not in the table. */
    public static String nameOf(final int number) {
        final Errno known = BY_NUMBER.get(number);
        return known == null ? "errno " + number : known.name();
    }

    /** {@code EIO (the device ... reported an I/O error)}; just the number when it is not in the table. */
    public static String describe(final int number) {
        final Errno known = BY_NUMBER.get(number);
        return known == null ? "errno " + number : known.name() + " (" + known.sentence + ")";
    }

    /** True when a number is this error. */
    public boolean is(final int candidate) {
        return number == candidate;
    }
}
