package io.drivebay.driver.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.Breakpoints;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import io.drivebay.driver.Disk.Submitted;
import io.drivebay.driver.DriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with an alignment and a limit that its child does not have; and faults, by their rules. */
class DebugDriverTest extends DriverContract {
    private static final int EIO = 5;
    private static final int ENOSPC = 28;

    @Override
    protected Map<String, Object> options() {
        final Map<String, Object> memory = Map.of("driver", "memory", "size", SIZE, "discard", "unmap");
        return Map.of("driver", "blkdebug", "align", 1024, "max-transfer", 8192, "image", memory);
    }

    /** A disk of 64 KiB, filled with ones, whose faults begin afterwards. */
    private static Disk faulty(final Map<String, Object> rules) throws BlockException {
        final Disk faulty = new Disk(new VirtualClock(), new ParkPort());
        final Map<String, Object> memory =
                Map.of("driver", "memory", "size", 65536, "node-name", "ram", "discard", "unmap");
        final Map<String, Object> options = new HashMap<>(rules);
        options.put("driver", "blkdebug");
        options.put("node-name", "faulty");
        options.put("image", "ram");
        faulty.insert(faulty.blockdevs.add(faulty.context, memory));
        faulty.write(0, filled(65536, 1), 0);
        faulty.backend.detachDevice();
        faulty.layer.removeMedium(faulty.backend);
        faulty.open(options);
        return faulty;
    }

    private static Map<String, Object> rule(final Object... members) {
        final Map<String, Object> rule = new HashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            rule.put(String.valueOf(members[i]), members[i + 1]);
        }
        return rule;
    }

    private static Map<String, Object> errors(final Object... rules) {
        return Map.of("inject-error", List.of(rules));
    }

    @Test
    void u3AFailingReadForAnUnalignedWriteFailsTheWriteAndLeavesTheMediumAlone() throws BlockException {
        final Map<String, Object> rules = new HashMap<>(errors(rule("event", "none", "iotype", "read", "sector", 9)));
        rules.put("align", 4096);
        try (Disk faulty = faulty(rules)) {
            final BlockRequest write = faulty.write(4096 + 100, filled(200, 7), 0);

            assertEquals(Status.IO_ERROR, write.status());
            assertEquals(EIO, write.errno());
            assertEquals("faulty", write.origin());
            assertArrayEquals(filled(65536, 1), contentOf(faulty));
        }
    }

    @Test
    void u3AFailingReadOfTheTailFailsTheWriteToo() throws BlockException {
        final Map<String, Object> rules = new HashMap<>(errors(rule("event", "none", "iotype", "read", "sector", 17)));
        rules.put("align", 4096);
        try (Disk faulty = faulty(rules)) {
            assertEquals(Status.IO_ERROR, faulty.write(4000, filled(5000, 7), 0).status());
            assertArrayEquals(filled(65536, 1), contentOf(faulty));

            assertEquals(Status.OK, faulty.write(4096, filled(8192, 7), 0).status());
        }
    }

    private static byte[] contentOf(final Disk faulty) {
        final byte[] content = new byte[65536];
        final MemoryRegion memory = MemoryRegion.allocate(content.length);
        final BlockRequest request = new BlockRequest(done -> {});
        request.set(Operation.READ, 0, content.length, 0).vector().add(memory, 0, content.length);
        request.startPart(null, 0);
        faulty.context.run(
                () -> Objects.requireNonNull(faulty.layer.node("ram")).submit(request));
        memory.getBytes(0, content, 0, content.length);
        return content;
    }

    @Test
    void u1AnUnalignedWriteWaitsForWhatOverlapsItsBlocks() throws BlockException {
        final Map<String, Object> rules = new HashMap<>();
        rules.put("align", 4096);
        rules.put("inject-latency", List.of(rule("event", "none", "latency-ns", 1000)));
        try (Disk slow = faulty(rules)) {
            final Submitted first = slow.submit(Operation.WRITE, 0, 4096, 0, memory(4096, 2));
            final Submitted second = slow.submit(Operation.WRITE, 4000, 10, 0, memory(10, 3));
            final Submitted third = slow.submit(Operation.READ, 8192, 4096, 0, memory(4096, 0));
            slow.runUntil(first::done);
            assertFalse(second.done());
            slow.runUntil(() -> second.done() && third.done());

            final byte[] expected = filled(65536, 1);
            Arrays.fill(expected, 0, 4096, (byte) 2);
            Arrays.fill(expected, 4000, 4010, (byte) 3);
            assertArrayEquals(expected, contentOf(slow));
        }
    }

    @Test
    void u4HeadAndTailInOneBlockAreReadOnce() throws BlockException {
        final Map<String, Object> rules =
                new HashMap<>(errors(rule("event", "read_aio", "state", 2, "iotype", "read")));
        rules.put("set-state", List.of(rule("event", "read_aio", "state", 1, "new_state", 2)));
        rules.put("align", 4096);
        try (Disk faulty = faulty(rules)) {
            assertEquals(Status.OK, faulty.write(4100, filled(100, 7), 0).status());
            assertEquals(Status.IO_ERROR, faulty.write(4100, filled(100, 7), 0).status());
        }
        try (Disk faulty = faulty(rules)) {
            final BlockRequest bothEnds = faulty.write(4100, filled(8192, 7), 0);
            assertEquals(Status.IO_ERROR, bothEnds.status(), "the second block is read by a second request");
        }
    }

    @Test
    void u7OneFailingPieceFailsTheWholeRequest() throws BlockException {
        final Map<String, Object> rules = new HashMap<>(errors(rule("event", "none", "iotype", "write", "sector", 20)));
        rules.put("max-transfer", 4096);
        try (Disk faulty = faulty(rules)) {
            assertEquals(Status.IO_ERROR, faulty.write(0, filled(16384, 7), 0).status());
            assertEquals(Status.OK, faulty.write(16384, filled(16384, 7), 0).status());
        }
    }

    @Test
    void u2RequestsThatOverlapWithoutPaddingDoNotWaitForEachOther() throws BlockException {
        final Map<String, Object> rules = new HashMap<>();
        rules.put("align", 4096);
        rules.put("inject-latency", List.of(rule("event", "none", "iotype", "write", "latency-ns", 1000)));
        try (Disk slow = faulty(rules)) {
            final Submitted write = slow.submit(Operation.WRITE, 0, 8192, 0, memory(8192, 2));
            final Submitted read = slow.submit(Operation.READ, 4096, 4096, 0, memory(4096, 0));
            slow.context.runUntilIdle();

            assertTrue(read.done());
            assertFalse(write.done());
            slow.runUntil(write::done);
        }
    }

    private static IoVector memory(final int bytes, final int value) {
        final MemoryRegion memory = MemoryRegion.allocate(bytes);
        memory.fill(0, bytes, (byte) value);
        return new IoVector().add(memory, 0, bytes);
    }

    @Test
    void anErrorStrikesWhereAndWhenItsRuleSays() throws BlockException {
        try (Disk faulty =
                faulty(errors(rule("event", "write_aio", "iotype", "write", "sector", 3, "errno", ENOSPC)))) {
            assertEquals(Status.OK, faulty.write(0, filled(1536, 7), 0).status());
            final BlockRequest hit = faulty.write(1000, filled(600, 7), 0);
            assertEquals(Status.NO_SPACE, hit.status());
            assertEquals(ENOSPC, hit.errno());
            assertEquals(Status.OK, faulty.read(1000, new byte[600]).status());
            assertEquals(Status.NO_SPACE, faulty.write(1536, filled(1, 7), 0).status());
            assertEquals(2L, faulty.told("injected-errors"));
        }
    }

    @Test
    void anErrorForOnceStrikesOnce() throws BlockException {
        for (final boolean immediately : new boolean[] {true, false}) {
            try (Disk faulty =
                    faulty(errors(rule("event", "flush_to_disk", "once", true, "immediately", immediately)))) {
                faulty.write(0, new byte[1], 0);
                assertEquals(
                        Status.IO_ERROR, faulty.run(Operation.FLUSH, 0, 0, 0).status());
                assertEquals(Status.OK, faulty.run(Operation.FLUSH, 0, 0, 0).status());
            }
        }
    }

    @Test
    void statesFollowEvents() throws BlockException {
        final Map<String, Object> rules = new HashMap<>();
        rules.put("set-state.0.event", "flush_to_disk");
        rules.put("set-state.0.new_state", 2);
        rules.put("inject-error.0.event", "read_aio");
        rules.put("inject-error.0.state", "2");
        rules.put("inject-error.0.iotype", "read");
        try (Disk faulty = faulty(rules)) {
            assertEquals(Status.OK, faulty.read(0, new byte[512]).status());
            faulty.write(0, new byte[1], 0);
            faulty.run(Operation.FLUSH, 0, 0, 0);
            assertEquals(Status.IO_ERROR, faulty.read(0, new byte[512]).status());
        }
    }

    @Test
    void everyOperationCanFail() throws BlockException {
        for (final Operation operation :
                Arrays.stream(Operation.values()).filter(Operation::universal).toList()) {
            final String iotype = operation.name().toLowerCase(Locale.ROOT).replace('_', '-');
            final Map<String, Object> rules = new HashMap<>(errors(rule("event", "none", "iotype", iotype)));
            rules.put("discard", "unmap");
            try (Disk faulty = faulty(rules)) {
                final long length = operation == Operation.FLUSH ? 0 : 4096;
                final IoVector vector = operation.transfers() ? memory(4096, 0) : new IoVector();

                final int flags = operation == Operation.WRITE_ZEROES ? RequestFlags.NO_FALLBACK : 0;
                assertEquals(
                        Status.IO_ERROR,
                        faulty.run(operation, 0, length, flags, vector).status());
            }
        }
    }

    @Test
    void latencyIsAddedWhereARuleSays() throws BlockException {
        final Map<String, Object> rules = Map.of(
                "inject-latency", List.of(rule("event", "none", "iotype", "read", "sector", 8, "latency-ns", 5000)));
        try (Disk slow = faulty(rules)) {
            slow.read(0, new byte[4096]);
            assertEquals(0, slow.context.clock().nanoTime());
            slow.read(4096, new byte[1]);
            assertEquals(5000, slow.context.clock().nanoTime());
        }
    }

    @Test
    void faultsOfADriveOutliveItsMedium() throws BlockException {
        disk.layer.addFilter(
                disk.backend,
                disk.blockdevs.addFilter(disk.context, Map.of("driver", "blkdebug", "inject-error.0.event", "none")));
        assertEquals(Status.IO_ERROR, disk.write(0, new byte[512], 0).status());

        disk.layer.changeMedium(disk.backend, disk.blockdevs.add(disk.context, Map.of("driver", "null-co")));

        assertEquals(Status.IO_ERROR, disk.write(0, new byte[512], 0).status());
        assertThrows(
                BlockException.class,
                () -> disk.blockdevs.addFilter(disk.context, Map.of("driver", "blkdebug", "align", 512)));
    }

    // ---- breakpoints ----

    private static Breakpoints breakpoints(final Disk disk) {
        return (Breakpoints) disk.root().driver();
    }

    private static Submitted write(final Disk disk, final int sector) {
        return disk.submit(Operation.WRITE, sector * 512L, 512, 0, memory(512, 5));
    }

    @Test
    void aBreakpointHoldsOneRequestUntilItIsResumed() throws BlockException {
        try (Disk held = faulty(Map.of())) {
            breakpoints(held).breakAt("write_aio", "A");
            final Submitted first = write(held, 0);
            final Submitted second = write(held, 1);
            held.runUntil(second::done);
            held.context.runUntilIdle();
            assertFalse(first.done());

            assertFalse(breakpoints(held).resume("B"));
            assertTrue(breakpoints(held).resume("A"));
            held.runUntil(first::done);
            assertEquals(Status.OK, first.request.status());
            assertFalse(breakpoints(held).resume("A"));
        }
    }

    @Test
    void aFlushComesByBothOfItsEvents() throws BlockException {
        try (Disk held = faulty(Map.of())) {
            for (final String event : List.of("flush_to_os", "flush_to_disk")) {
                held.runUntil(write(held, 0)::done);
                breakpoints(held).breakAt(event, event);
                final Submitted flush = held.submit(Operation.FLUSH, 0, 0, 0, new IoVector());
                held.context.runUntilIdle();
                assertFalse(flush.done(), event);
                assertTrue(breakpoints(held).resume(event));
                held.runUntil(flush::done);
            }
        }
    }

    @Test
    void removingATagsBreakpointsLetsItsRequestsGoOn() throws BlockException {
        try (Disk held = faulty(Map.of())) {
            breakpoints(held).breakAt("write_aio", "A");
            breakpoints(held).breakAt("write_aio", "A");
            breakpoints(held).breakAt("read_aio", "A");
            final Submitted first = write(held, 0);
            final Submitted second = write(held, 1);
            held.context.runUntilIdle();
            assertFalse(first.done() || second.done());

            assertTrue(breakpoints(held).removeBreaks("A"));
            held.runUntil(() -> first.done() && second.done());
            held.read(0, new byte[512]);
            assertFalse(breakpoints(held).removeBreaks("A"));
        }
    }

    @Test
    void aRequestThatIsHeldDoesNotHoldUpADrain() throws BlockException {
        try (Disk held = faulty(Map.of())) {
            breakpoints(held).breakAt("write_aio", "A");
            final Submitted write = write(held, 0);
            held.context.runUntilIdle();
            assertFalse(write.done());

            held.layer.removeMedium(held.backend);

            assertEquals(Status.OK, write.request.status());
        }
    }

    @Test
    void breakpointsAreLimitedAndAtEventsThatThereAre() throws BlockException {
        try (Disk held = faulty(Map.of())) {
            assertThrows(BlockException.class, () -> breakpoints(held).breakAt("sunrise", "A"));
            for (int i = 0; i < HeldAtBreaks.MOST; i++) {
                breakpoints(held).breakAt("discard", "A");
            }
            assertThrows(BlockException.class, () -> breakpoints(held).breakAt("discard", "A"));
        }
    }

    // ---- configuration files ----

    private static Path file(final Path folder, final String... lines) throws IOException {
        return Files.write(folder.resolve("rules.conf"), List.of(lines));
    }

    @Test
    void rulesComeFromAFileToo(@TempDir final Path folder) throws Exception {
        final Path config = file(
                folder,
                "# a flush fails once",
                "[inject-error]",
                "event = \"flush_to_disk\"",
                "  errno=\"28\"",
                "state = \"1\"",
                "immediately = \"off\"",
                "once = \"on\"",
                "",
                "[set-state]",
                "event = \"flush_to_disk\"",
                "new_state = \"2\"");
        try (Disk faulty = faulty(Map.of("config", config.toString()))) {
            faulty.runUntil(write(faulty, 0)::done);
            final BlockRequest flush = faulty.run(Operation.FLUSH, 0, 0, 0);
            assertEquals(List.of(Status.NO_SPACE, ENOSPC), List.of(flush.status(), flush.errno()));
            assertEquals(Status.OK, faulty.run(Operation.FLUSH, 0, 0, 0).status());
        }
    }

    @Test
    void aFileThatMakesNoSenseIsRefusedByItsLine(@TempDir final Path folder) throws Exception {
        refuseFile(folder, "line 1: 'event = \"none\"'", "event = \"none\"");
        refuseFile(folder, "line 2: 'event = none'", "[inject-error]", "event = none");
        refuseFile(folder, "line 3: 'event' is given twice", "[inject-error]", "event = \"a\"", "event = \"b\"");
        refuseFile(folder, "line 1: '[inject-error'", "[inject-error", "event = \"none\"");
        refuseFile(folder, "'inject-wonder' is unknown here", "[inject-wonder]");
        refuseFile(folder, "option 'inject-error.0.event' is missing", "[inject-error]", "errno = \"5\"");
        refuseFile(folder, "is beyond 1 MiB", "#".repeat(1 << 20));
    }

    private void refuseFile(final Path folder, final String reason, final String... lines) throws IOException {
        final BlockException refused =
                refusal(Map.of("config", file(folder, lines).toString()));
        assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::getMessage);
    }

    @Test
    void aFileThatCannotBeReadIsRefusedByItsName(@TempDir final Path folder) {
        assertEquals(
                BlockException.Kind.IO,
                refusal(Map.of("config", folder.toString())).kind());
        final BlockException missing = refusal(Map.of("config", folder + "/none"));
        assertTrue(String.valueOf(missing.getMessage()).contains("/none cannot be read"), missing::getMessage);
    }

    @Test
    void rulesThatMakeNoSenseAreRefusedByName() {
        refuse(errors(rule("event", "sunrise")), "event");
        refuse(errors(rule("event", "none", "iotype", "wish")), "iotype");
        refuse(errors(rule("event", "none", "errno", 0)), "errno");
        refuse(errors(rule("event", "none", "sector", Long.MAX_VALUE)), "sector");
        refuse(errors(rule("event", "none", "colour", "red")), "inject-error.0.colour");
        refuse(errors(rule("iotype", "read")), "inject-error.0.event");
        refuse(errors("none"), "inject-error");
        refuse(Map.of("align", 1000), "align");
        refuse(Map.of("align", 2 << 20), "align");
        refuse(Map.of("align", 4096), "align");
        refuse(Map.of("align", 1024, "max-transfer", 1536), "max-transfer");
        refuse(Map.of("max-transfer", 0), "max-transfer");
    }

    private BlockException refusal(final Map<String, Object> rules) {
        final Map<String, Object> options = new HashMap<>(rules);
        options.put("driver", "blkdebug");
        options.put("image", Map.of("driver", "memory", "size", SIZE));
        return assertThrows(BlockException.class, () -> disk.blockdevs.add(disk.context, options));
    }

    private void refuse(final Map<String, Object> rules, final String option) {
        final BlockException refused = refusal(rules);
        assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains("'" + option), refused::getMessage);
    }
}
