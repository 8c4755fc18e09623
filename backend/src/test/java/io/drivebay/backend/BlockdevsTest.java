package io.drivebay.backend;

import static io.drivebay.backend.graph.Refusals.kindOf;
import static io.drivebay.backend.graph.Refusals.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.NodeOptions.DetectZeroes;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BlockdevsTest {
    private final TestBench bench = new TestBench();
    private final List<TestDriver> opened = new ArrayList<>();
    private final Blockdevs blockdevs =
            new Blockdevs(bench.layer, List.of(factory("disk", this::disk), factory("filter", this::filter)));

    private interface Opener {
        BlockDriver open(BlockdevOptions options, OpenScope scope) throws BlockException;
    }

    private static DriverFactory factory(final String name, final Opener opener) {
        return new DriverFactory() {
            @Override
            public String driverName() {
                return name;
            }

            @Override
            public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
                return opener.open(options, scope);
            }
        };
    }

    private BlockDriver disk(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final TestDriver driver = new TestDriver((int) options.size("size", 4096));
        opened.add(driver);
        return driver;
    }

    private BlockDriver filter(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        scope.filterChild(options, "file");
        return new TestFilter();
    }

    private BlockNode add(final Map<String, Object> options) throws BlockException {
        return blockdevs.add(bench.context, options);
    }

    private static BlockNode file(final BlockNode node) {
        final BlockNode below = node.children().get(0).node();
        assertNotNull(below);
        return below;
    }

    @Test
    void aChildGivenInPlaceLivesAsLongAsItsParent() throws BlockException {
        final BlockNode node = add(Map.of("driver", "filter", "node-name", "f", "file.driver", "disk"));
        final String child = file(node).name();
        assertEquals(Kind.IN_USE, kindOf(() -> bench.layer.deleteNode(child)));

        bench.layer.deleteNode("f");

        assertNull(bench.layer.node(child));
        assertEquals(1, opened.get(0).closes());
    }

    @Test
    void aChildGivenByNameStays() throws BlockException {
        add(Map.of("driver", "disk", "node-name", "d"));
        add(Map.of("driver", "filter", "node-name", "f", "file", "d"));

        bench.layer.deleteNode("f");

        assertNotNull(bench.layer.node("d"));
        assertEquals(0, opened.get(0).closes());
        assertEquals(Kind.NOT_FOUND, kindOf(() -> add(Map.of("driver", "filter", "file", "none"))));
    }

    @Test
    void aChildInPlaceInheritsReadOnlyAndCacheAndPassesDiscardsOn() throws BlockException {
        final BlockNode plain = add(Map.of("driver", "filter", "file.driver", "disk"));
        final BlockNode set = add(Map.of(
                "driver",
                "filter",
                "read-only",
                true,
                "cache",
                Map.of("direct", true, "no-flush", true),
                "file.driver",
                "disk"));
        final BlockNode own = add(Map.of(
                "driver",
                "filter",
                "cache.direct",
                true,
                "file.driver",
                "disk",
                "file.cache.direct",
                false,
                "file.discard",
                "ignore"));

        assertEquals(
                new NodeOptions(false, true, DetectZeroes.OFF, false, false),
                file(plain).options());
        assertEquals(
                new NodeOptions(true, true, DetectZeroes.OFF, true, true),
                file(set).options());
        assertEquals(NodeOptions.DEFAULTS, file(own).options());
    }

    @Test
    void whateverIsWrongLeavesNothingOpen() {
        assertEquals(
                "option 'file.colour' is unknown here",
                messageOf(() -> add(Map.of("driver", "filter", "file.driver", "disk", "file.colour", "red"))));
        assertEquals(Kind.INVALID_OPTION, kindOf(() -> add(Map.of("driver", "disk", "typo", 1))));
        assertEquals(
                Kind.BAD_NAME, kindOf(() -> add(Map.of("driver", "filter", "node-name", "1", "file.driver", "disk"))));
        assertEquals(Kind.INVALID_OPTION, kindOf(() -> add(Map.of("driver", "filter"))));
        assertEquals(Kind.INVALID_OPTION, kindOf(() -> add(Map.of("driver", "filter", "file", Map.of()))));
        assertEquals(Kind.INVALID_OPTION, kindOf(() -> add(Map.of())));
        assertTrue(messageOf(() -> add(Map.of("driver", "dsk"))).contains("there are disk, filter"));
        assertEquals(Kind.INVALID_OPTION, kindOf(() -> add(Map.of("driver", "disk", "detect-zeroes", "unmap"))));

        assertTrue(bench.layer.nodes().isEmpty());
        assertEquals(3, opened.size());
        assertTrue(opened.stream().allMatch(driver -> driver.closes() == 1));
    }

    @Test
    void aFilterForABackendsSlotIsOpenedWithoutAChild() throws BlockException {
        final BlockBackend backend = bench.backendOn(add(Map.of("driver", "disk")));
        final BlockNode filter = blockdevs.addFilter(bench.context, Map.of("driver", "filter"));

        bench.layer.addFilter(backend, filter);

        assertEquals(Status.OK, bench.perform(backend, Operation.READ, 0, 512).status());
        assertEquals(1, ((TestFilter) filter.driver()).passed());
    }
}
