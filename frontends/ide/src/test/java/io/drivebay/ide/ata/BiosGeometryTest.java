package io.drivebay.ide.ata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.ide.ata.BiosGeometry.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BiosGeometryTest {
    private static final long SMALL = 504L << 11;
    private static final long LARGE = 8L << 21;

    /** A boot sector with one partition in a place of its table, ending at a head and a sector. */
    private static byte[] partitioned(final int place, final int endHead, final int endSector) {
        final byte[] sector = new byte[512];
        sector[510] = 0x55;
        sector[511] = (byte) 0xaa;
        final int entry = 446 + 16 * place;
        sector[entry + 5] = (byte) endHead;
        sector[entry + 6] = (byte) endSector;
        sector[entry + 14] = 1;
        return sector;
    }

    @Test
    void aDiskWithoutATableHasTheStandardGeometry() {
        assertEquals(
                new BiosGeometry(new Geometry(1024, 16, 63), Translation.NONE),
                BiosGeometry.guess(new byte[512], SMALL));
        assertEquals(
                new BiosGeometry(new Geometry(16383, 16, 63), Translation.LBA),
                BiosGeometry.guess(new byte[512], LARGE));
    }

    @ParameterizedTest
    @CsvSource({"0, 14, 56", "3, 14, 56", "0, 14, 248"})
    void aPartitionsEndIsTheTracks(final int place, final int endHead, final int endSector) {
        assertEquals(
                new BiosGeometry(new Geometry(1228, 15, 56), Translation.NONE),
                BiosGeometry.guess(partitioned(place, endHead, endSector), 1228 * 15 * 56));
    }

    @Test
    void moreThanSixteenHeadsMeanThatTheFirmwareTranslated() {
        assertEquals(
                new BiosGeometry(Geometry.ofCapacity(SMALL), Translation.LARGE),
                BiosGeometry.guess(partitioned(0, 254, 63), SMALL));
        assertEquals(
                new BiosGeometry(Geometry.ofCapacity(LARGE), Translation.LBA),
                BiosGeometry.guess(partitioned(0, 254, 63), LARGE));
    }

    @ParameterizedTest
    @CsvSource({"0, 63", "15, 0"})
    void anEndThatSaysNothingIsPassedOver(final int endHead, final int endSector) {
        assertEquals(
                BiosGeometry.of(Geometry.ofCapacity(SMALL)),
                BiosGeometry.guess(partitioned(1, endHead, endSector), SMALL));
    }

    @Test
    void aTableWithoutItsSignatureIsNone() {
        final byte[] sector = partitioned(0, 14, 56);
        sector[510] = 0;
        assertEquals(BiosGeometry.of(Geometry.ofCapacity(SMALL)), BiosGeometry.guess(sector, SMALL));
    }
}
