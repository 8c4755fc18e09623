package io.drivebay.driver.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.driver.DriverContract;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawDriverTest extends DriverContract {
    private static final int BEFORE = 1536;

    @Override
    protected Map<String, Object> options() {
        return window(BEFORE, SIZE);
    }

    private static Map<String, Object> window(final Object offset, final Object size) {
        final Map<String, Object> options = new HashMap<>(
                Map.of("driver", "raw", "file", Map.of("driver", "memory", "size", SIZE + 4096, "discard", "unmap")));
        options.put("offset", offset);
        options.put("size", size);
        return options;
    }

    private BlockNode below() {
        return disk.root().children().get(0).requireNode();
    }

    @Test
    void theWindowLiesWhereTheOptionsSay() {
        disk.write(5, new byte[] {1, 2, 3}, 0);

        final byte[] seen = readFrom(below(), BEFORE + 5, 3);

        assertArrayEquals(new byte[] {1, 2, 3}, seen);
    }

    private byte[] readFrom(final BlockNode node, final long offset, final int length) {
        final var memory = MemoryRegion.allocate(length);
        final BlockRequest request = new BlockRequest(done -> {});
        request.set(Operation.READ, offset, length, 0).vector().add(memory, 0, length);
        request.startPart(null, 0);
        disk.context.run(() -> node.submit(request));
        final byte[] bytes = new byte[length];
        memory.getBytes(0, bytes, 0, length);
        return bytes;
    }

    @Test
    void requestsComeBackWithTheirOwnOffset() {
        assertEquals(4096, disk.write(4096, new byte[512], 0).offset());
    }

    @Test
    void theEndIsTheWindowsEnd() {
        final BlockRequest last = disk.run(Operation.BLOCK_STATUS, SIZE - 512, 512, 0);
        assertTrue((last.statusFlags() & BlockStatusFlags.END_OF_FILE) != 0);
        assertEquals(512, last.statusBytes());
    }

    @Test
    void withoutOptionsTheDiskIsTheFile() throws BlockException {
        final Map<String, Object> options = window(0, 0);
        options.remove("size");
        options.remove("offset");

        assertEquals(SIZE + 4096, disk.blockdevs.add(disk.context, options).length());
    }

    @Test
    void windowsOutsideTheFileAreRefused() {
        refuse(SIZE + 4097, 0, "offset");
        refuse(Long.MAX_VALUE, 0, "offset");
        refuse(BEFORE, SIZE + 4096, "size");
        refuse(4096, SIZE + 512, "size");
        refuse(0, 1000, "size");
    }

    private void refuse(final long offset, final long size, final String option) {
        final BlockException refused =
                assertThrows(BlockException.class, () -> disk.blockdevs.add(disk.context, window(offset, size)));
        assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains("'" + option + "'"), refused::getMessage);
    }

    @Test
    void aFixedWindowCannotBeResized() {
        final BlockException refused =
                assertThrows(BlockException.class, () -> disk.root().driver().resize(4096));
        assertEquals(BlockException.Kind.NOT_SUPPORTED, refused.kind());
    }
}
