package io.drivebay.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Every native declaration of Drivebay, direct-mapped by JNA.
 *
 * <p>Safety: addresses are raw. Whoever calls keeps the memory behind an address alive until the call returns (for
 * io_uring: until the completion is reaped), by holding its {@link io.drivebay.backend.memory.MemoryRegion} in a field
 * that is used afterwards. Memory is off-heap, so the garbage collector never moves it and a blocked call never stops
 * a collection. JNA saves errno per thread before it leaves native code: {@link #errno()} is right as long as the
 * same thread made no other native call through JNA in between.
 *
 * <p>Variadic functions (open, fcntl, ioctl, syscall) are declared with fixed arguments; on Linux x86-64 and aarch64
 * both pass integers alike. Newer system calls go through {@code syscall}, so an older libc does not matter.
 */
final class LibC {
    static {
        Native.register(LibC.class, NativeLibrary.getProcess());
    }

    private LibC() {}

    /** Runs the registration above, so that its failure shows at a chosen place. */
    static void load() {}

    /** errno of this thread's last call. */
    static int errno() {
        return Native.getLastError();
    }

    /** Address of a direct buffer's index 0. */
    static long addressOf(final ByteBuffer direct) {
        return Pointer.nativeValue(
                Native.getDirectBufferPointer(direct.duplicate().clear()));
    }

    /** A buffer over mapped memory; does not own it. */
    static ByteBuffer bufferAt(final long address, final int lengthBytes) {
        return new Pointer(address).getByteBuffer(0, lengthBytes);
    }

    static native int open(long path, int flags, int mode);

    static native int close(int fd);

    static native int dup2(int fd, int copy);

    static native int setsid();

    static native long read(int fd, long buffer, long bytes);

    static native long write(int fd, long buffer, long bytes);

    static native long pread(int fd, long buffer, long bytes, long offset);

    static native long pwrite(int fd, long buffer, long bytes, long offset);

    static native long preadv(int fd, long iovecs, int count, long offset);

    static native long pwritev(int fd, long iovecs, int count, long offset);

    static native int fsync(int fd);

    static native int fdatasync(int fd);

    static native int fallocate(int fd, int mode, long offset, long bytes);

    static native int ftruncate(int fd, long bytes);

    static native long lseek(int fd, long offset, int whence);

    static native int ioctl(int fd, long request, long argument);

    static native int fcntl(int fd, int command, long argument);

    static native long mmap(long hint, long bytes, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long bytes);

    static native int getpagesize();

    static native int eventfd(int initial, int flags);

    static native int pipe2(long descriptors, int flags);

    static native int socket(int domain, int type, int protocol);

    static native int socketpair(int domain, int type, int protocol, long descriptors);

    static native int bind(int fd, long address, int addressBytes);

    static native int listen(int fd, int backlog);

    static native int accept4(int fd, long address, long addressBytes, int flags);

    static native int connect(int fd, long address, int addressBytes);

    static native long sendmsg(int fd, long message, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epollFd, int operation, int fd, long event);

    static native int epoll_wait(int epollFd, long events, int maxEvents, int timeoutMs);

    /** The number, and six arguments as the kernel takes them. */
    @SuppressWarnings("checkstyle:ParameterNumber") // fixed by the kernel
    static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
