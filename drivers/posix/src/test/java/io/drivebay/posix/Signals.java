package io.drivebay.posix;

import java.lang.reflect.Proxy;

/** Sends a thread a signal whose handler does nothing, so that its system call is interrupted. */
final class Signals {
    private static final String NAME = "WINCH";
    private static final int NUMBER = 28;
    private static final long SYS_GETTID = Abi.X86_64 ? 186 : 178;
    private static final long SYS_TGKILL = Abi.X86_64 ? 234 : 131;

    private Signals() {}

    /** Installs the handler; by reflection, because javac warns of sun.misc.Signal whatever one says. */
    static void install() throws ReflectiveOperationException {
        final Class<?> signal = Class.forName("sun.misc.Signal");
        final Class<?> handler = Class.forName("sun.misc.SignalHandler");
        final Object nothing = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> null);
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(NAME), nothing);
    }

    /** This thread's number. */
    static long threadId() {
        return LibC.syscall(SYS_GETTID, 0, 0, 0, 0, 0, 0);
    }

    /** Signals a thread of this process. */
    static void interrupt(final long threadId) {
        LibC.syscall(SYS_TGKILL, ProcessHandle.current().pid(), threadId, NUMBER, 0, 0, 0);
    }
}
