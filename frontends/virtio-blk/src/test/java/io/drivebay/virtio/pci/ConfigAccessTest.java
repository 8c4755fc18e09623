package io.drivebay.virtio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** X3: the windows by configuration space alone (virtio 1.2, 4.1.4.9). */
final class ConfigAccessTest {
    private final PciGuest guest = PciGuest.of(Form.MODERN);

    @AfterEach
    void close() {
        guest.close();
    }

    private void aim(final int base, final int offset, final int length) {
        guest.config(0x84 + 4, 1, base);
        guest.config(0x84 + 8, 4, offset);
        guest.config(0x84 + 12, 4, length);
    }

    @Test
    void windowsAreReadAndWrittenByConfigurationSpaceAlone() {
        guest.config(PciGuest.COMMAND, 2, 0);
        aim(4, 20, 1);
        guest.config(0x94, 1, 1);
        aim(4, 22, 2);
        guest.config(0x94, 4, 0xabcd_0001);

        assertEquals(1, guest.config(0x94, 2));
        aim(4, 20, 1);
        assertEquals(1, guest.config(0x94, 1));
        aim(4, 0x2000, 4);
        assertEquals(Machine.DISK_BYTES / 512, guest.config(0x94, 4));
        aim(1, 12, 4);
        assertEquals(1, guest.config(0x94, 4));
    }

    @ParameterizedTest
    @CsvSource({
        "4, 20, 0",
        "4, 20, 3",
        "4, 20, 8",
        "4, 20, -1",
        "4, 21, 2",
        "4, 0x3ffe, 4",
        "4, 0x4000, 1",
        "4, -1, 1",
        "4, 0x7fffffff, 1",
        "0, 18, 1",
        "2, 0, 4",
        "6, 0, 1",
        "255, 0, 1"
    })
    void whatIsNotWholeAlignedAndInAWindowIsNotAccessed(final int base, final String offset, final int length) {
        aim(base, Integer.decode(offset), length);

        guest.config(0x94, 4, 0x0f);

        assertEquals(0x0f, guest.config(0x94, 4));
        assertEquals(0, guest.get(20, 1));
    }

    @Test
    void onlyAccessesToTheBytesThemselvesGoThrough() {
        final GuestRing ring = guest.start(16);
        guest.readSector(ring, () -> guest.kick(0));
        aim(4, 0x1000, 1);

        guest.config(0x90, 4);
        guest.config(0x98, 4);
        assertTrue(guest.pin);

        assertEquals(1, guest.config(0x94, 1));
        assertFalse(guest.pin);
    }
}
