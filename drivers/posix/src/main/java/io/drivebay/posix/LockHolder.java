package io.drivebay.posix;

/**
 * A process that holds a lock, or has the locked file open.
 *
 * @param pid its number
 * @param command its name, as {@code qemu-system-x86}; empty when unknown
 */
public record LockHolder(int pid, String command) {
    @Override
    public String toString() {
        final String self = pid == ProcessHandle.current().pid() ? "this process, " : "";
        return command.isEmpty() ? self + "pid " + pid : self + "pid " + pid + " (" + command + ")";
    }
}
