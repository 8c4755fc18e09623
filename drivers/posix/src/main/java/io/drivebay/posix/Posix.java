package io.drivebay.posix;

import org.jspecify.annotations.Nullable;

/** Tells whether the native calls of this module can be used here, and on what machine. */
public final class Posix {
    private static final @Nullable String UNAVAILABLE = findObstacle();

    private Posix() {}

    /** True on Linux with a processor whose constants are known (x86-64, aarch64) and a loadable native library. */
    public static boolean isLinux() {
        return UNAVAILABLE == null;
    }

    /** Why {@link #isLinux()} is false, as a sentence for a log; null when it is true. */
    public static @Nullable String unavailableReason() {
        return UNAVAILABLE;
    }

    private static @Nullable String findObstacle() {
        final String os = System.getProperty("os.name", "");
        if (!os.startsWith("Linux")) {
            return "native calls need Linux, this is " + os;
        }
        if (!Abi.processorIsKnown()) {
            return "native calls need an x86-64 or aarch64 processor, this is " + System.getProperty("os.arch");
        }
        try {
            LibC.load();
            return null;
        } catch (final LinkageError e) {
            return "the native library cannot be loaded: " + e.getMessage();
        }
    }
}
