package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.cli.host.Endpoint;
import io.drivebay.cli.options.DurationConverter;
import io.drivebay.cli.options.KeyValues;
import io.drivebay.cli.options.RateConverter;
import io.drivebay.cli.options.SizeConverter;
import io.drivebay.sim.scenario.Scenario;
import io.drivebay.sim.scenario.ScenarioException;
import io.drivebay.sim.workload.BlockSizes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Text from outside, right or wrong: it is read, or refused in the way that its reader says. */
@Timeout(60)
final class HostileTextTest {
    private static final int MANY = 20_000;

    @Test
    void keysAndValuesAreReadOrRefused() {
        Mutations.check(
                MANY,
                List.of(
                        "driver=file,node-name=disk,filename=/tmp/a,,b,cache.direct=on",
                        "null-co,size=1G,node-name=n",
                        "{\"driver\": \"raw\", \"file\": {\"driver\": \"null-co\", \"size\": 512}, \"l\": [1, true, 'x']}",
                        "{'driver': 'blkdebug', 'image': 'n', 'inject-error': [{'event': 'read_aio', 'errno': 5}]}"),
                text -> KeyValues.parse(text, "driver"),
                List.of(TypeConversionException.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0e999223372036854775807", "1e999223372036854775807", "99999999999999999999", "1.5", "null"})
    void aNumberThatIsNoneOfOursIsRefused(final String number) {
        assertThrows(TypeConversionException.class, () -> KeyValues.parse("{'size': " + number + "}", null));
    }

    @Test
    void sizesRatesTimesAndBlockSizesAreReadOrRefused() {
        final List<Class<?>> refusals = List.of(TypeConversionException.class);
        Mutations.check(MANY, List.of("4096", "64k", "10G"), new SizeConverter()::convert, refusals);
        Mutations.check(MANY, List.of("500", "20k", "1M"), new RateConverter()::convert, refusals);
        Mutations.check(
                MANY,
                List.of("10", "500ms", "2m", "1h"),
                text -> assertTrue(
                        new DurationConverter().convert(text).multipliedBy(2).toNanos() >= 0),
                refusals);
        Mutations.check(
                MANY, List.of("4k", "4k:60,64k:40", "512"), BlockSizes::parse, List.of(IllegalArgumentException.class));
    }

    @Test
    void endpointsAreReadOrRefused() {
        Mutations.check(
                MANY,
                List.of(
                        "stdio",
                        "unix:/tmp/qmp.sock,server=on,wait=off",
                        "unix:/tmp/qmp.sock,server,nowait",
                        "tcp::4444"),
                Endpoint::parse,
                List.of(BlockException.class, TypeConversionException.class));
    }

    @Test
    void aHostThatThereIsNotIsRefused() {
        final String host = "x".repeat(300);

        assertTrue(String.valueOf(assertThrows(BlockException.class, () -> Endpoint.parse("tcp:" + host + ":1"))
                        .getMessage())
                .startsWith("there is no host 'x"));
        assertEquals(2, CommandRun.of("nbd", "--list", "--bind", host).exitCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'driver': 'nbd', 'server': {'type': 'unix', 'path': '/tmp/a\\u0000b'}}",
                "{'driver': 'nbd', 'server.type': 'unix', 'server.path': '/no/such', 'tls-creds': '\\u0000'}",
                "{'driver': 'file', 'filename': '/tmp/a\\u0000b'}",
                "{'driver': 'file', 'filename': '/tmp/a\\u0000b', 'aio': 'nio'}",
                "{'driver': 'host_device', 'filename': '/dev/null\\u0000'}"
            })
    void aPathThatIsNoneIsRefused(final String options) {
        assertThrows(BlockException.class, () -> open(KeyValues.parse(options, null)));
    }

    @Test
    void optionsOfDriversAreReadOrRefused() {
        Mutations.check(
                2000,
                List.of(
                        "{'driver': 'blkdebug', 'image': {'driver': 'null-co', 'size': 1048576}, 'align': 512,"
                                + " 'inject-error': [{'event': 'read_aio', 'errno': 28, 'sector': 7, 'once': true}],"
                                + " 'set-state': [{'event': 'write_aio', 'state': 1, 'new_state': 2}],"
                                + " 'inject-latency': [{'event': 'read_aio', 'latency-ns': 5000}]}",
                        "{'driver': 'throttle', 'file': {'driver': 'null-co'}, 'limits.iops-total': 100,"
                                + " 'limits.iops-total-max': 200, 'limits.bps-read': 1000, 'limits.iops-size': 4096}",
                        "{'driver': 'raw', 'offset': 512, 'size': 4096, 'file': {'driver': 'memory', 'size': 65536}}",
                        "{'driver': 'zoned', 'zone-size': '1M', 'zone-capacity': '512k', 'conventional-zones': 1,"
                                + " 'max-open-zones': 2, 'file': {'driver': 'memory', 'size': '8M'}}",
                        "driver=null-co,size=1G,latency-ns=1000,read-zeroes=on,read-only=on,discard=unmap"),
                text -> open(KeyValues.parse(text, "driver")),
                List.of(BlockException.class, TypeConversionException.class));
    }

    private static void open(final Map<String, Object> options) throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final IoContext context = layer.addContext(IoContext.stepped("hostile", SystemClock.INSTANCE));
            new Blockdevs(layer).add(context, options);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two-drives-exchange-their-discs",
                "e2-the-first-error-is-the-one-that-is-shown",
                "m13-a-removed-node-can-be-inserted-again",
                "a-disks-write-in-flight-survives-a-change-beside-it",
                "a-bad-block-is-named-exactly-and-only-it-fails"
            })
    void aScenarioHoldsOrSaysInWhichLineItDoesNot(final String name) {
        Mutations.check(
                60,
                List.of(scenario(name)),
                text -> assertTrue(Scenario.parse(name, text).run(1).statements() > 0),
                List.of(ScenarioException.class));
    }

    private static String scenario(final String name) {
        try (InputStream in = Objects.requireNonNull(
                Scenario.class.getResourceAsStream("/io/drivebay/sim/scenarios/" + name + ".scenario"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
