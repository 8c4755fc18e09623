package io.drivebay.ide.ata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.device.IdeDevice.Reset;
import io.drivebay.ide.kit.DiskGuest;
import io.drivebay.ide.kit.FaultyDisk;
import io.drivebay.ide.kit.Host;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any byte to any register in any state: no exception, no hang, and the disk still works after a reset. */
final class AtaFuzzTest {
    private static final int STEPS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyByteToAnyRegisterLeavesADiskThatStillWorks(final long seed) {
        final Random random = new Random(seed);
        final FaultyDisk medium = FaultyDisk.tagged(1 << 20, 1);
        medium.quiet = true;
        medium.badReads.add(17L);
        medium.badWrites.add(33L);
        final DiskGuest guest = new DiskGuest(Host.with(medium), DiskOptions.of(DriveOptions.of("hd0")));
        for (int i = 0; i < STEPS; i++) {
            step(guest, medium, random);
        }
        medium.release();
        guest.socket.memoryMissing = false;
        guest.host.run();
        guest.disk.reset(Reset.SOFTWARE_BEGIN);
        guest.disk.reset(Reset.SOFTWARE_END);
        guest.host.run();
        assertEquals(0x58, guest.command(0xec));
        assertEquals(0x40, guest.take(1)[0]);
        assertTrue(guest.status() == 0x50);
    }

    private static void step(final DiskGuest guest, final FaultyDisk medium, final Random random) {
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> guest.out(1 + random.nextInt(6), random.nextInt(256));
            case 4, 5 -> guest.out(7, random.nextInt(256));
            case 6, 7, 8 -> guest.disk.readData(random.nextBoolean() ? 2 : 4);
            case 9, 10 -> guest.disk.writeData(random.nextBoolean() ? 2 : 4, random.nextInt());
            case 11 -> guest.inPrevious(random.nextInt(8));
            case 12 -> guest.disk.dmaStopped();
            case 13 -> {
                guest.socket.memoryMissing = random.nextInt(4) == 0;
                guest.socket.memoryBytes = random.nextInt(guest.socket.memory.size());
                guest.socket.started = random.nextBoolean();
            }
            case 14 -> guest.disk.dmaStarted();
            default -> {
                if (random.nextInt(4) == 0) {
                    guest.disk.reset(Reset.values()[random.nextInt(4)]);
                }
                medium.hold = random.nextInt(8) == 0;
                if (!medium.hold) {
                    medium.release();
                }
                guest.host.run();
            }
        }
    }
}
