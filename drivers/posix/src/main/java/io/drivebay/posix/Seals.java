package io.drivebay.posix;

/** Promises about a memory file that its kernel keeps for everyone (fcntl F_ADD_SEALS). */
final class Seals {
    /** The file never becomes shorter, so what is mapped of it never faults. */
    static final int SHRINK = 0x2;

    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;

    private Seals() {}

    static void add(final PosixFile file, final int seals) throws PosixException {
        Calls.check(LibC.fcntl(file.fd(), F_ADD_SEALS, seals), "fcntl F_ADD_SEALS", file.path());
    }

    /** Adds a seal, unless it is there already; false for files that cannot have it. */
    static boolean addOrHas(final PosixFile file, final int seal) {
        final int present = LibC.fcntl(file.fd(), F_GET_SEALS, 0);
        return present >= 0 && ((present & seal) != 0 || LibC.fcntl(file.fd(), F_ADD_SEALS, seal) == 0);
    }
}
