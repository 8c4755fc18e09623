package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.EventFd;
import io.drivebay.posix.MemoryFile;
import io.drivebay.posix.NativeMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.posix.UnixSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * A client whose messages are proper but for what an input changes in them, and guest memory with a request in it.
 *
 * <pre>
 * input   set-up (1): messages of it (bits 0..3), packed ring (4), in-flight region (5), memory kept from before (6)
 * step    code (1)   how (1)   changes (1)   then for each: place (2), value (1)
 * how     descriptors (0..2): 0 the proper one, 1 none, 2 an event, 3 memory, 4 a socket, 5 two events
 *         wants a reply (3)   payload's size is the first change's value (4)   header's flags, likewise (5)
 * code    a message's; 62 changes guest memory, 63 raises the events
 * </pre>
 */
final class FuzzedFrontEnd {
    private static final int HEADER = 12;
    private static final int MEMORY = 1 << 20;
    private static final long USER = 0x7000_0000_0000L;
    private static final int RING_BYTES = 0x8000;
    private static final int DRIVER_AREA = 0x1000;
    private static final int DEVICE_AREA = 0x2000;
    private static final int HEAD = 0x4000;
    private static final int DATA = 0x5000;
    private static final int STATUS = 0x6000;
    private static final long FEATURES = (1L << 32) | (1L << 30) | (1L << 28) | (1L << 9);
    private static final long PACKED = 1L << 34;
    private static final int CHANGE_MEMORY = 62;
    private static final int RAISE = 63;
    private static final int[] SET_UP = {3, 16, 2, 5, 31, 32, 8, 10, 9, 13, 12, 18, 39, 24};

    private final MemoryFile file = MemoryFile.create("guest", MEMORY);
    private final MemoryFile region = MemoryFile.create("inflight", 4096);
    private final MemoryRegion ram;
    private final MemoryRegion inflight;
    private final EventFd event = EventFd.create();
    private final MemoryRegion message = MemoryRegion.allocate(HEADER + 1024);
    private final MemoryRegion answer = MemoryRegion.allocate(4096);

    FuzzedFrontEnd() throws PosixException {
        final NativeMemory mapped = file.map(0, MEMORY);
        ram = mapped.region();
        inflight = region.map(0, 4096).region();
    }

    /** A client's steps on a socket. */
    Steps begin(final UnixSocket socket, final byte[] input) throws PosixException {
        final int setUp = input.length == 0 ? 0 : input[0];
        final Steps steps = new Steps(socket, input, (setUp & 16) != 0);
        if ((setUp & 64) == 0) {
            ram.fill(0, RING_BYTES, (byte) 0);
            inflight.fill(0, 4096, (byte) 0);
            if ((setUp & 16) != 0) {
                offerPacked();
            } else {
                offerSplit();
            }
        }
        for (int i = 0; i < (setUp & 15) && i < SET_UP.length; i++) {
            if ((SET_UP[i] != 32 && SET_UP[i] != 31) || (setUp & 32) != 0) {
                steps.proper(SET_UP[i]);
            }
        }
        return steps;
    }

    /* One request in each form of ring: a read of the first sector. */

    private void descriptor(final int index, final long address, final int length, final int flags, final int last) {
        ram.putLong(16 * index, address);
        ram.putInt(16 * index + 8, length);
        ram.putShort(16 * index + 12, (short) flags);
        ram.putShort(16 * index + 14, (short) last);
    }

    private void offerSplit() {
        descriptor(0, HEAD, 16, 1, 1);
        descriptor(1, DATA, 512, 3, 2);
        descriptor(2, STATUS, 1, 2, 0);
        ram.putShort(DRIVER_AREA + 2, (short) 1);
    }

    private void offerPacked() {
        descriptor(0, HEAD, 16, 0, 0x81);
        descriptor(1, DATA, 512, 0, 0x83);
        descriptor(2, STATUS, 1, 0, 0x82);
    }

    /** The payload that is proper; its size. */
    private int payload(final int code, final boolean packed) {
        message.fill(HEADER, 1024, (byte) 0);
        switch (code) {
            case 2 -> putLong(0, FEATURES | (packed ? PACKED : 0));
            case 5 -> putRegion(0, 1);
            case 6 -> putLong(0, 4096);
            case 8 -> putInt(4, 8);
            case 9 -> {
                putLong(8, USER);
                putLong(16, USER + DEVICE_AREA);
                putLong(24, USER + DRIVER_AREA);
            }
            case 10 -> putInt(4, packed ? 0x8000_8000 : 0);
            case 16 -> putLong(0, ProtocolFeatures.OFFERED);
            case 18 -> putInt(4, 1);
            case 24 -> putInt(4, 60);
            case 25 -> {
                putInt(0, 32);
                putInt(4, 1);
            }
            case 31, 32 -> {
                putLong(0, 4096);
                putInt(16, 1 | (8 << 16));
            }
            case 37, 38 -> putRegion(0, 0);
            case 39 -> putLong(0, 15);
            default -> {}
        }
        return size(code);
    }

    private static int size(final int code) {
        return switch (code) {
            case 2, 8, 10, 11, 12, 13, 14, 16, 18, 39 -> 8;
            case 5, 9, 37, 38 -> 40;
            case 6 -> 16;
            case 24 -> 72;
            case 25 -> 13;
            case 31, 32 -> 20;
            default -> 0;
        };
    }

    private void putInt(final int at, final int value) {
        message.putInt(HEADER + at, value);
    }

    private void putLong(final int at, final long value) {
        message.putLong(HEADER + at, value);
    }

    private void putRegion(final int at, final int count) {
        putInt(at, count);
        putLong(at + 16, MEMORY);
        putLong(at + 24, USER);
    }

    private int[] properFiles(final int code) {
        return switch (code) {
            case 5, 37 -> new int[] {file.fd()};
            case 6, 32 -> new int[] {region.fd()};
            case 12, 13, 14 -> new int[] {event.fd()};
            default -> new int[0];
        };
    }

    /** What one client does, step by step. */
    final class Steps {
        private final UnixSocket socket;
        private final byte[] input;
        private final boolean packed;
        private int at = 1;

        private Steps(final UnixSocket socket, final byte[] input, final boolean packed) {
            this.socket = socket;
            this.input = input;
            this.packed = packed;
        }

        private int take() {
            return at < input.length ? input[at++] & 0xff : 0;
        }

        private void proper(final int code) throws PosixException {
            send(code, 1, payload(code, packed), properFiles(code));
        }

        /** The next step; false when there is none. */
        boolean next() throws PosixException {
            if (at >= input.length) {
                return false;
            }
            final int code = take() & 63;
            final int how = take();
            final int changes = take() & 31;
            if (code == CHANGE_MEMORY) {
                change(ram, 0, RING_BYTES, changes);
            } else if (code == RAISE) {
                event.signal();
            } else {
                message(code, how, changes);
            }
            return true;
        }

        private void message(final int code, final int how, final int changes) throws PosixException {
            int size = payload(code, packed);
            final int first = at + 2 < input.length ? input[at + 2] & 0xff : 0;
            change(message, HEADER, 512, changes);
            if ((how & 16) != 0) {
                size = 2 * first;
            }
            final int flags = (how & 32) != 0 ? first : 1 | (how & 8);
            if ((how & 7) == 4) {
                final UnixSocket[] pair = UnixSocket.pair();
                try (UnixSocket here = pair[0];
                        UnixSocket there = pair[1]) {
                    send(code, flags, size, there.fd());
                    drain(here);
                }
            } else {
                send(code, flags, size, files(code, how & 7));
            }
        }

        private int[] files(final int code, final int which) {
            return switch (which) {
                case 0 -> properFiles(code);
                case 2 -> new int[] {event.fd()};
                case 3 -> new int[] {file.fd()};
                case 5 -> new int[] {event.fd(), event.fd()};
                default -> new int[0];
            };
        }

        private void change(final MemoryRegion where, final int from, final int bytes, final int count) {
            for (int i = 0; i < count; i++) {
                final int place = from + ((take() << 8) | take()) % bytes;
                where.putByte(place, (byte) (where.getByte(place) ^ take()));
            }
        }

        private void send(final int code, final int flags, final int size, final int... files) throws PosixException {
            message.putInt(0, code);
            message.putInt(4, flags);
            message.putInt(8, size);
            try {
                drain(socket);
                socket.send(message, 0, HEADER + size, files);
            } catch (final PosixException e) {
                at = input.length; // it was disconnected
            }
        }

        private void drain(final UnixSocket end) throws PosixException {
            final List<PosixFile> files = new ArrayList<>();
            for (int got = 1; got > 0; ) {
                got = end.receive(answer, 0, answer.size(), files);
            }
            files.forEach(PosixFile::close);
        }
    }
}
