package io.drivebay.sim.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.Verification;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkloadSpecTest {
    @ParameterizedTest
    @CsvSource({"4k, 4096, 4096", "1M, 1048576, 1048576", "512, 512, 512", "'4k:70,64k:30', 65536, 4096"})
    void blockSizesAreRead(final String text, final int largest, final int unit) {
        final BlockSizes sizes = BlockSizes.parse(text);

        assertEquals(largest, sizes.largest());
        assertEquals(unit, sizes.unitBytes());
        assertEquals(text, sizes.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "4",
                "0",
                "-4k",
                "1000",
                "4g",
                "4k:100:2",
                "4k:70",
                "4k:70,64k:31",
                "4k:70,64k",
                "4k:0,8k:100",
                "32m",
                "4k,",
                "99999999999k",
                "k",
                "4k:x"
            })
    void wrongBlockSizesAreRefused(final String text) {
        final IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> BlockSizes.parse(text));

        assertTrue(String.valueOf(refusal.getMessage()).startsWith("block sizes '" + text + "'"));
    }

    @ParameterizedTest
    @EnumSource(AccessPattern.class)
    void patternsAreReadAsTheyAreWritten(final AccessPattern pattern) {
        assertEquals(pattern, AccessPattern.parse(pattern.toString()));
    }

    @Test
    void anUnknownPatternIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> AccessPattern.parse("trim"));
    }

    private static void assertRefused(final String words, final UnaryOperator<WorkloadSpec.Builder> change) {
        final WorkloadSpec.Builder builder =
                change.apply(WorkloadSpec.builder(AccessPattern.RANDRW).count(1));
        final IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(String.valueOf(refusal.getMessage()).contains(words), refusal.getMessage());
    }

    @Test
    void whatMakesNoSenseIsRefusedWithAReason() {
        assertRefused("never ends", builder -> builder.count(0));
        assertRefused("depth 0", builder -> builder.depth(0));
        assertRefused("number of jobs 0", builder -> builder.jobs(0));
        assertRefused("is no percentage", builder -> builder.readPercent(101));
        assertRefused("rate -1", builder -> builder.ratePerSecond(-1));
        assertRefused("512-byte sectors", builder -> builder.range(100, 4096));
        assertRefused("less than no time", builder -> builder.runtimeNs(-1));
        assertRefused("exceeds", builder -> builder.depth(1000).blockSizes(BlockSizes.parse("16m")));
    }

    @Test
    void whatCannotBeVerifiedIsRefused() {
        final Verification knowledge = Verification.ofFreshMedium(new BlockStamp(4096, 1), 0, 1 << 20);

        assertRefused(
                "do not consist of the units",
                builder -> builder.verification(knowledge).blockSizes(BlockSizes.of(512)));
        assertRefused(
                "outside the one that is verified",
                builder -> builder.verification(knowledge).range(0, 2 << 20));
    }

    @Test
    void theVerifiedRangeIsTheRangeUnlessOneIsGiven() {
        final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                .count(1)
                .verification(Verification.ofFreshMedium(new BlockStamp(4096, 1), 8192, 1 << 20))
                .build();

        assertEquals(8192, spec.rangeStart());
        assertEquals(1 << 20, spec.rangeBytes());
    }

    @Test
    void onlyAMixHasAShareOfReads() {
        assertEquals(
                100,
                WorkloadSpec.builder(AccessPattern.READ)
                        .count(1)
                        .readPercent(30)
                        .build()
                        .readPercent());
        assertEquals(
                30,
                WorkloadSpec.builder(AccessPattern.RANDRW)
                        .count(1)
                        .readPercent(30)
                        .build()
                        .readPercent());
    }
}
