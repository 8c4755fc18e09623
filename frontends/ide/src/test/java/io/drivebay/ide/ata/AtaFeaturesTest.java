package io.drivebay.ide.ata;

import static io.drivebay.ide.kit.Registers.COUNT;
import static io.drivebay.ide.kit.Registers.DATA_REQUEST;
import static io.drivebay.ide.kit.Registers.DEVICE;
import static io.drivebay.ide.kit.Registers.ERROR;
import static io.drivebay.ide.kit.Registers.FAILED;
import static io.drivebay.ide.kit.Registers.FEATURES;
import static io.drivebay.ide.kit.Registers.HIGH;
import static io.drivebay.ide.kit.Registers.LOW;
import static io.drivebay.ide.kit.Registers.MID;
import static io.drivebay.ide.kit.Registers.READY;
import static io.drivebay.ide.kit.Registers.STATUS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.device.IdeDevice.Reset;
import io.drivebay.ide.kit.DiskGuest;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AtaFeaturesTest {
    private static final long BYTES = 8 << 20;
    private static final int SECTORS = (int) (BYTES / 512);

    private final FaultyDisk medium = FaultyDisk.tagged(BYTES, 0xa5);
    private final DiskGuest guest = new DiskGuest(
            Host.with(medium),
            DiskOptions.of(DriveOptions.of("hd0").withModel("Model").withSerial("S1")));

    // ---- IDENTIFY ----

    @Test
    void identifyTellsNamesAndCapacity() {
        final int[] words = guest.identify();
        assertEquals(List.of(0x0040, 0x4d6f, 0x5331), List.of(words[0], words[27], words[10]));
        assertEquals(List.of(SECTORS & 0xffff, SECTORS >> 16), List.of(words[60], words[61]));
        assertEquals(List.of(SECTORS & 0xffff, 0, 0, 0), List.of(words[100], words[101], words[102], words[103]));
        assertEquals(List.of(SECTORS / (16 * 63), 16, 63), List.of(words[1], words[3], words[6]));
    }

    @Test
    void identifyBytesAddUpToZero() {
        guest.command(0xec);
        int sum = 0;
        for (final byte b : guest.take(1)) {
            sum += b;
        }
        assertEquals(0, sum & 0xff);
    }

    @Test
    void identifyPromisesTrimOnlyWhereThereIsOne() {
        final DiskGuest without = new DiskGuest(
                Host.with(new FaultyDisk(BYTES)),
                DiskOptions.of(DriveOptions.of("hd1")).withTrim(DiskOptions.Trim.OFF));
        final int[] words = without.identify();
        assertEquals(List.of(0, 0, 0), List.of(words[169], words[105], words[69]));
        final int[] with = guest.identify();
        assertEquals(List.of(1, 8, 0x4020), List.of(with[169], with[105], with[69]));
    }

    // ---- SET FEATURES ----

    @Test
    void i10TurningTheWriteCacheOffFlushesFirst() {
        assertEquals(READY, guest.command(0xef, 0x82, 0));
        assertEquals(List.of(false, 0), List.of(guest.host.backend.writeCache(), guest.identify()[85] >> 5 & 1));
        guest.at(0, 1).command(0xca);
        assertEquals("WRITE 0+1 FUA", medium.log.get(medium.log.size() - 1));
        assertEquals(READY, guest.command(0xef, 0x02, 0));
        assertEquals(1, guest.identify()[85] >> 5 & 1);
    }

    @Test
    void i10AFailingFlushLeavesTheWriteCacheOn() {
        guest.at(0, 1).command(0xca);
        medium.badFlush = true;
        assertEquals(FAILED, guest.command(0xef, 0x82, 0));
        assertTrue(guest.host.backend.writeCache());
    }

    @Test
    void i10TransferModesShowInTheirWords() {
        assertEquals(READY, guest.command(0xef, 0x03, 0x22));
        final int[] multi = guest.identify();
        assertEquals(List.of(0x0407, 0x003f, 0x0007), List.of(multi[63], multi[88], multi[62]));
        assertEquals(READY, guest.command(0xef, 0x03, 0x44));
        assertEquals(0x103f, guest.identify()[88]);
        assertEquals(READY, guest.command(0xef, 0x03, 0x0c));
        assertEquals(FAILED, guest.command(0xef, 0x03, 0x46));
        assertEquals(FAILED, guest.command(0xef, 0x03, 0x18));
    }

    @Test
    void powerManagementLevelsShowAndUnknownFeaturesAbort() {
        assertEquals(READY, guest.command(0xef, 0x05, 0x80));
        assertEquals(List.of(0x80, 1), List.of(guest.identify()[91], guest.identify()[86] >> 3 & 1));
        assertEquals(READY, guest.command(0xef, 0x85, 0));
        assertEquals(FAILED, guest.command(0xef, 0x05, 0xff));
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0xef, 0x5d, 0), guest.in(ERROR)));
    }

    @Test
    void softResetRevertsSettingsOnlyWhenAskedTo() {
        guest.command(0xc6, 0, 2);
        guest.disk.reset(Reset.SOFTWARE_BEGIN);
        guest.disk.reset(Reset.SOFTWARE_END);
        assertEquals(0x0102, guest.identify()[59]);
        guest.command(0xef, 0xcc, 0);
        guest.disk.reset(Reset.SOFTWARE_BEGIN);
        guest.disk.reset(Reset.SOFTWARE_END);
        assertEquals(0x0110, guest.identify()[59]);
    }

    // ---- flush ----

    @Test
    void i11FlushReachesTheDisk() {
        guest.at(0, 1).command(0xca);
        assertEquals(READY, guest.command(0xe7));
        assertEquals("FLUSH 0+0", medium.log.get(medium.log.size() - 1));
        guest.at(0, 1).command(0xca);
        medium.badFlush = true;
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0xea), guest.in(ERROR)));
    }

    // ---- TRIM ----

    private int trim(final long... entries) {
        guest.socket.memory.fill(0, 512, (byte) 0);
        for (int i = 0; i < entries.length; i++) {
            guest.socket.memory.putLong(i * 8, entries[i]);
        }
        guest.out(FEATURES, 0);
        guest.out(FEATURES, 1);
        guest.out(COUNT, 0);
        guest.out(COUNT, 1);
        return guest.command(0x06);
    }

    private static long entry(final long first, final int count) {
        return (long) count << 48 | first;
    }

    @Test
    void i9TrimmedSectorsReadAsZeros() {
        assertEquals(READY, trim(entry(10, 4), 0, entry(100, 1)));
        assertEquals(List.of("WRITE_ZEROES 10+4", "WRITE_ZEROES 100+1"), medium.log);
        guest.at(10, 1).command(0x20);
        assertArrayEquals(new byte[512], guest.take(1));
    }

    @Test
    void i9ARangeBeyondTheEndTrimsNothing() {
        assertEquals(List.of(FAILED, 4), List.of(trim(entry(10, 4), entry(SECTORS - 1, 2)), guest.in(ERROR)));
        assertEquals(List.of(), medium.log);
    }

    @Test
    void aTrimListLongerThanPromisedAborts() {
        guest.out(FEATURES, 1);
        guest.out(COUNT, 0);
        guest.out(COUNT, 9);
        assertEquals(FAILED, guest.command(0x06));
    }

    @Test
    void aTrimHas48Bits() {
        guest.socket.memory.fill(0, 512, (byte) 0);
        guest.out(FEATURES, 1);
        guest.out(FEATURES, 1);
        guest.out(COUNT, 0);
        guest.out(COUNT, 1);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0x06), guest.in(ERROR)));
        guest.out(FEATURES, 0);
        guest.out(FEATURES, 1);
        guest.out(COUNT, 1);
        guest.out(COUNT, 1);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0x06), guest.in(ERROR)));
    }

    @Test
    void theQuirkHasATrimOf28Bits() {
        final DiskGuest quirky = new DiskGuest(
                Host.with(medium),
                DiskOptions.of(DriveOptions.of("hd0").withDeviations(Set.of(Deviation.SHORT_TRIM_REGISTERS))));
        quirky.socket.memory.fill(0, 512, (byte) 0);
        quirky.socket.memory.putLong(0, entry(10, 4));
        quirky.out(FEATURES, 1);
        quirky.out(FEATURES, 1);
        quirky.out(COUNT, 1);
        quirky.out(COUNT, 1);
        assertEquals(READY, quirky.command(0x06));
        assertEquals(List.of("WRITE_ZEROES 10+4"), medium.log);
    }

    @Test
    void aTrimThatFailsAborts() {
        medium.badWrites.add(11L);
        assertEquals(List.of(FAILED, 4), List.of(trim(entry(10, 4)), guest.in(ERROR)));
    }

    // ---- power ----

    @Test
    void checkPowerModeTellsActiveIdleAndStandby() {
        guest.command(0xe5);
        assertEquals(0xff, guest.in(COUNT));
        guest.command(0xe1);
        guest.command(0xe5);
        assertEquals(0x80, guest.in(COUNT));
        guest.command(0xe0);
        guest.command(0xe5);
        assertEquals(0x00, guest.in(COUNT));
    }

    @Test
    void theStandbyTimerRunsOnTheInjectedClock() {
        guest.command(0xe3, 0, 12);
        guest.host.clock.advance(TimeUnit.SECONDS.toNanos(59));
        guest.command(0xe5);
        assertEquals(0x80, guest.in(COUNT));
        guest.host.clock.advance(TimeUnit.SECONDS.toNanos(1));
        guest.command(0xe5);
        assertEquals(0x00, guest.in(COUNT));
    }

    @Test
    void aReadWakesTheDiskAndStartsTheTimerAnew() {
        guest.command(0xe2, 0, 1);
        guest.at(0, 1).command(0x40);
        guest.command(0xe5);
        assertEquals(0xff, guest.in(COUNT));
        guest.host.clock.advance(TimeUnit.SECONDS.toNanos(5));
        guest.command(0xe5);
        assertEquals(0x00, guest.in(COUNT));
    }

    @Test
    void onlyAResetWakesASleepingDisk() {
        guest.command(0xe6);
        assertEquals(READY, guest.command(0xec));
        guest.disk.reset(Reset.SOFTWARE_BEGIN);
        guest.disk.reset(Reset.SOFTWARE_END);
        assertEquals(DATA_REQUEST, guest.command(0xec));
    }

    @Test
    void standbyTimerCodesMeanWhatTheStandardSays() {
        assertEquals(
                List.of(0L, 5L, 1200L, 1800L, 19800L, 1260L, 1275L),
                List.of(0, 1, 240, 241, 251, 252, 255).stream()
                        .map(code -> TimeUnit.NANOSECONDS.toSeconds(PowerState.periodNs(code)))
                        .toList());
    }

    // ---- host protected area ----

    @Test
    void setMaxHidesTheEndUntilThePowerCycle() {
        guest.out(DEVICE, 0x40);
        guest.command(0xf8);
        assertEquals(SECTORS - 1, guest.address());
        guest.at(999, 0);
        guest.out(FEATURES, 0);
        assertEquals(READY, guest.command(0xf9));
        assertEquals(1000, guest.identify()[60]);
        guest.at(1000, 1);
        assertEquals(FAILED, guest.command(0x20));
        guest.disk.reset(Reset.POWER_ON);
        assertEquals(SECTORS & 0xffff, guest.identify()[60]);
    }

    @Test
    void setMaxMustFollowReadNativeMax() {
        guest.at(999, 0);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0xf9), guest.in(ERROR)));
    }

    @Test
    void setMaxExtWorksOnceAPowerCycle() {
        guest.command(0x27);
        guest.atLong(1999, 0);
        assertEquals(READY, guest.command(0x37));
        guest.command(0x27);
        guest.atLong(2999, 0);
        assertEquals(List.of(FAILED, 0x10), List.of(guest.command(0x37), guest.in(ERROR)));
    }

    // ---- security ----

    private int security(final int command, final int word0, final String password) {
        final byte[] block = new byte[512];
        block[0] = (byte) word0;
        block[1] = (byte) (word0 >> 8);
        final byte[] chars = password.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(chars, 0, block, 2, chars.length);
        guest.command(command);
        guest.give(block);
        return guest.status();
    }

    @Test
    void aPasswordLocksTheDiskAtTheNextPowerOn() {
        assertEquals(READY, security(0xf1, 0, "secret"));
        assertEquals(0x0003, guest.identify()[128]);
        guest.disk.reset(Reset.POWER_ON);
        assertEquals(0x0007, guest.identify()[128]);
        guest.at(0, 1);
        assertEquals(List.of(FAILED, 4), List.of(guest.command(0x20), guest.in(ERROR)));
        assertEquals(FAILED, security(0xf2, 0, "wrong"));
        assertEquals(READY, security(0xf2, 0, "secret"));
        guest.at(0, 1);
        assertEquals(DATA_REQUEST, guest.command(0x20));
    }

    @Test
    void fiveWrongPasswordsEndTheAttempts() {
        security(0xf1, 0, "secret");
        guest.disk.reset(Reset.POWER_ON);
        for (int i = 0; i < 5; i++) {
            security(0xf2, 0, "wrong");
        }
        assertEquals(List.of(FAILED, 0x0017), List.of(security(0xf2, 0, "secret"), guest.identify()[128]));
    }

    @Test
    void atTheMaximumLevelTheMasterPasswordDoesNotUnlock() {
        security(0xf1, 1, "master");
        security(0xf1, 0x0100, "secret");
        guest.disk.reset(Reset.POWER_ON);
        assertEquals(FAILED, security(0xf2, 1, "master"));
    }

    @Test
    void aFrozenDiskRefusesSecurityCommands() {
        assertEquals(READY, guest.command(0xf5));
        assertEquals(0x0009, guest.identify()[128]);
        assertEquals(FAILED, guest.command(0xf1));
    }

    @Test
    void eraseUnitNeedsPreparationAndLeavesZeros() {
        security(0xf1, 0, "secret");
        assertEquals(FAILED, guest.command(0xf4));
        guest.command(0xf3);
        assertEquals(READY, security(0xf4, 0, "secret"));
        assertEquals("WRITE_ZEROES 0+" + SECTORS, medium.log.get(medium.log.size() - 1));
        assertEquals(0x0001, guest.identify()[128]);
        assertEquals(READY, guest.status());
    }

    @Test
    void disablePasswordUnlocksForGood() {
        security(0xf1, 0, "secret");
        assertEquals(FAILED, security(0xf6, 0, "wrong"));
        assertEquals(READY, security(0xf6, 0, "secret"));
        guest.disk.reset(Reset.POWER_ON);
        assertEquals(0x0001, guest.identify()[128]);
    }

    // ---- SMART and logs ----

    private int smart(final int subcommand, final int count, final int low) {
        guest.out(FEATURES, subcommand);
        guest.out(COUNT, count);
        guest.out(LOW, low);
        guest.out(MID, 0x4f);
        guest.out(HIGH, 0xc2);
        return guest.command(0xb0);
    }

    @Test
    void i12SmartNeedsItsSignatureAndToBeEnabled() {
        assertEquals(FAILED, guest.command(0xb0, 0xda, 0));
        assertEquals(READY, smart(0xd9, 0, 0));
        assertEquals(0, guest.identify()[85] & 1);
        assertEquals(FAILED, smart(0xda, 0, 0));
        assertEquals(READY, smart(0xd8, 0, 0));
        assertEquals(READY, smart(0xda, 0, 0));
        assertEquals(List.of(0x4f, 0xc2), List.of(guest.in(MID), guest.in(HIGH)));
    }

    @Test
    void i12AFailedSelfTestTurnsTheStatusBad() {
        medium.badReads.add((long) SECTORS - 5);
        assertEquals(List.of(FAILED, 4), List.of(smart(0xd4, 0, 0x81), guest.in(ERROR)));
        assertEquals(List.of(0xf4, 0x2c), List.of(guest.in(MID), guest.in(HIGH)));
        smart(0xda, 0, 0);
        assertEquals(List.of(0xf4, 0x2c), List.of(guest.in(MID), guest.in(HIGH)));
        smart(0xd5, 1, 0x06);
        final byte[] log = guest.take(1);
        assertEquals(
                List.of((byte) 0x81, (byte) 0x70, (byte) (SECTORS - 5), (byte) ((SECTORS - 5) >> 8), (byte) 1),
                List.of(log[2], log[3], log[7], log[8], log[508]));
    }

    @Test
    void aSelfTestInTheBackgroundAnswersAtOnceAndReadsTheDisk() {
        medium.hold = true;
        assertEquals(READY, smart(0xd4, 0, 0x02));
        smart(0xd0, 0, 0);
        assertEquals((byte) 0xf9, guest.take(1)[363]);
        medium.release();
        guest.host.run();
        assertEquals(SECTORS / 128, medium.log.size());
        smart(0xd0, 0, 0);
        assertEquals((byte) 0, guest.take(1)[363]);
    }

    @Test
    void theErrorLogHoldsTheCommandThatFailed() {
        medium.badReads.add(0x1234L);
        guest.at(0x1230, 8).command(0xc8);
        smart(0xd5, 1, 0x01);
        final byte[] log = guest.take(1);
        assertEquals(
                List.of((byte) 1, (byte) 0xc8, (byte) 0x40, (byte) 0x34, (byte) 0x12, (byte) 1),
                List.of(log[1], log[2 + 48 + 7], log[2 + 61], log[2 + 63], log[2 + 64], log[452]));
        guest.atLong(0x03, 1);
        assertEquals(DATA_REQUEST, guest.command(0x2f));
        final byte[] extended = guest.take(1);
        assertEquals(
                List.of((byte) 0xc8, (byte) 0x40, (byte) 0x34),
                List.of(extended[4 + 72 + 12], extended[4 + 91], extended[4 + 94]));
    }

    @Test
    void smartDataCountsWhatReallyHappened() {
        medium.badReads.add(1L);
        guest.at(1, 1).command(0x20);
        guest.host.clock.advance(TimeUnit.HOURS.toNanos(3));
        smart(0xd0, 0, 0);
        final byte[] data = guest.take(1);
        assertEquals(
                List.of((byte) 9, (byte) 3, (byte) 12, (byte) 1, (byte) 0xbb, (byte) 1),
                List.of(data[2], data[7], data[14], data[19], data[26], data[31]));
    }

    @Test
    void hostLogPagesKeepWhatIsWritten() {
        final byte[] page = new byte[512];
        Arrays.fill(page, (byte) 7);
        assertEquals(DATA_REQUEST, smart(0xd6, 1, 0x85));
        guest.give(page);
        assertEquals(READY, guest.status());
        guest.atLong(0x85, 1).command(0x2f);
        assertArrayEquals(page, guest.take(1));
        guest.atLong(0x99, 1);
        assertEquals(FAILED, guest.command(0x2f));
    }

    @Test
    void theSectorBufferKeepsWhatIsWritten() {
        final byte[] sector = new byte[512];
        Arrays.fill(sector, (byte) 9);
        guest.command(0xe8);
        guest.give(sector);
        assertEquals(READY, guest.in(STATUS));
        guest.command(0xe4);
        assertArrayEquals(sector, guest.take(1));
    }
}
