package io.drivebay.sim.ide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.sim.ide.AtaCommand.Protocol;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.machine.PcAccess;
import org.junit.jupiter.api.Test;

/** A driver does not take everything from a drive. */
final class IdeViolationTest {
    /** A channel whose registers say what a test has written down, and whose pause lets one thing happen. */
    private static final class Scripted implements PcAccess, Pause {
        private final int[] registers = new int[8];
        private int master = 4;
        private boolean line;
        private Runnable event = () -> {};
        private int pauses = 2;

        Scripted() {
            registers[7] = 0x50;
        }

        /** What the registers show once the command has been given. */
        void then(final int status, final int reason, final int bytes) {
            event = () -> {
                registers[7] = status;
                registers[2] = reason;
                registers[4] = bytes & 0xff;
                registers[5] = bytes >> 8;
                line = true;
            };
        }

        @Override
        public boolean pause() {
            event.run();
            return pauses-- > 0;
        }

        @Override
        public int inb(final int port) {
            return port == 0x3f6 ? registers[7] : port == 0xc002 ? master : registers[port & 7];
        }

        @Override
        public int inw(final int port) {
            return 0;
        }

        @Override
        public int inl(final int port) {
            return 0;
        }

        @Override
        public void outb(final int port, final int value) {}

        @Override
        public void outw(final int port, final int value) {}

        @Override
        public void outl(final int port, final int value) {}

        @Override
        public void read(final long address, final byte[] target, final int offset, final int length) {}

        @Override
        public void write(final long address, final byte[] source, final int offset, final int length) {}

        @Override
        public boolean interrupt(final int number) {
            return line && number == 14;
        }
    }

    private final Scripted drive = new Scripted();
    private final IdeDriver driver = new IdeDriver(drive, IdePorts.primary(0xc000), 1 << 20, drive);

    private String violation() {
        return String.valueOf(assertThrows(IdeViolation.class, driver::finish).getMessage());
    }

    /** The drive asks for the packet, and is given it. */
    private void packetGiven(final int limit) {
        drive.registers[7] = 0x50;
        drive.registers[2] = 1;
        driver.beginPacket(0, AtapiDriver.cdb(0x12, 0, 0, 0, 36), limit);
        drive.registers[7] = 0x58;
        driver.poll();
    }

    @Test
    void aChannelThatIsNeverFreeIsTold() {
        drive.registers[7] = 0xd0;
        final IdeViolation told =
                assertThrows(IdeViolation.class, () -> driver.begin(0, AtaCommand.of(0xe7, Protocol.NO_DATA)));
        assertEquals("the channel never gets free: status 0xd0", told.getMessage());
    }

    @Test
    void aCommandWhoseInterruptNeverComesIsLost() {
        driver.begin(0, AtaCommand.of(0xe7, Protocol.NO_DATA));
        assertEquals("the command is lost: no interrupt came, status 0x50", violation());
    }

    @Test
    void anInterruptWhileBusyIsAViolation() {
        driver.begin(0, AtaCommand.of(0xe7, Protocol.NO_DATA));
        drive.then(0xd0, 0, 0);
        assertEquals("an interrupt while BSY is set: status 0xd0", violation());
    }

    @Test
    void moreDataThanWasAskedForIsAViolation() {
        driver.beginPioIn(0, AtaCommand.of(0x20, Protocol.PIO_IN).at(0, 0), 0, 1);
        drive.then(0x58, 0, 0);
        assertEquals("DRQ after the last of 0 bytes", violation());
    }

    @Test
    void aReadThatEndsEarlyWithoutAnErrorIsAViolation() {
        driver.beginPioIn(0, AtaCommand.of(0x20, Protocol.PIO_IN).at(0, 2), 1024, 1);
        drive.then(0x50, 0, 0);
        assertEquals("the command ended after 0 of 1024 bytes", violation());
    }

    @Test
    void aPieceBeyondTheByteCountLimitIsAViolation() {
        packetGiven(8);
        drive.then(0x58, 2, 9);
        assertEquals("a piece of 9 bytes, where the limit is 8", violation());
    }

    @Test
    void aPieceOfNothingIsAViolation() {
        packetGiven(8);
        drive.then(0x58, 2, 0);
        assertEquals("a piece of 0 bytes, where the limit is 8", violation());
    }

    @Test
    void aWrongInterruptReasonIsAViolation() {
        packetGiven(8);
        drive.then(0x50, 2, 0);
        assertEquals("interrupt reason 2 at a packet's end, where it must be 3", violation());
    }

    @Test
    void aPacketPhaseWithTheWrongReasonIsAViolation() {
        driver.beginPacket(0, AtapiDriver.cdb(0), 8);
        drive.registers[7] = 0x58;
        drive.registers[2] = 2;
        assertEquals("interrupt reason 2 for the packet, where it must be 1", violation());
    }

    @Test
    void aMasterThatKnowsOfNoInterruptIsAViolation() {
        driver.beginDma(0, AtaDriver.transfer(AtaDriver.Mode.DMA, false, 0, 8), 4096);
        drive.master = 1;
        drive.then(0x50, 0, 0);
        assertEquals("an interrupt that the bus master does not know of: 0x1", violation());
    }

    @Test
    void senseDataOfAnotherFormatIsAViolation() {
        assertThrows(IdeViolation.class, () -> Sense.of(new byte[18]));
    }

    @Test
    void twoCommandsAtOnceAreTheGuestsMistake() {
        driver.begin(0, AtaCommand.of(0xe7, Protocol.NO_DATA));
        assertThrows(IllegalStateException.class, () -> driver.begin(0, AtaCommand.of(0xe7, Protocol.NO_DATA)));
    }
}
