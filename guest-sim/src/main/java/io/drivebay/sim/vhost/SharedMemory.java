package io.drivebay.sim.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.MemoryFile;
import io.drivebay.posix.NativeMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.GuestRam;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A guest's memory in a file without a name, so that another process can map it. */
public final class SharedMemory implements AutoCloseable {
    private final MemoryFile file;
    private final List<NativeMemory> mappings = new ArrayList<>();
    private final GuestRam ram;
    private long taken;

    private SharedMemory(final MemoryFile file) {
        this.file = file;
        this.ram = new GuestRam(file.sizeBytes(), this::take);
    }

    /** Memory of a size in bytes, a multiple of the page. */
    public static SharedMemory create(final long bytes) throws PosixException {
        return new SharedMemory(MemoryFile.create("guest-ram", bytes));
    }

    private MemoryRegion take(final int bytes) {
        try {
            final NativeMemory mapping = file.map(taken, bytes);
            mappings.add(mapping);
            taken += bytes;
            return mapping.region();
        } catch (final PosixException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The memory as a guest has it. Its ranges lie one after the other in the file. */
    public GuestRam ram() {
        return ram;
    }

    /** The file, to be passed on. */
    public MemoryFile file() {
        return file;
    }

    @Override
    public void close() {
        mappings.forEach(NativeMemory::close);
        file.close();
    }
}
