package io.drivebay.sim.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.machine.Machine;
import io.drivebay.sim.machine.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a driver says to a device that does not do what the specification says. */
final class DeviceViolationTest {
    private static final Pause NEVER = () -> false;

    private final Machine machine = new Machine(16 << 20);
    private final List<ScriptedDevice> made = new ArrayList<>();
    private final Machine.Place place = machine.plug(line -> {
        made.add(new ScriptedDevice(machine.ram(), line));
        return made.get(0);
    });
    private final ScriptedDevice device = made.get(0);
    private final List<String> completions = new ArrayList<>();

    private VirtioBlkDriver start() {
        return VirtioBlkDriver.start(
                new MmioTransport(machine, place), machine.ram(), DriverOptions.of(4, 4096), NEVER);
    }

    private int poll(final VirtioBlkDriver driver) {
        return driver.queue(0).poll((slot, status, bytes) -> completions.add(slot + " " + status + " " + bytes));
    }

    /** Starts a driver, reads 512 bytes in slot 1, and lets the device answer as the test likes. */
    private VirtioBlkDriver afterRead(final Consumer<Integer> answer) {
        final VirtioBlkDriver driver = start();
        driver.queue(0).read(1, 0, 512);
        driver.queue(0).kick();
        answer.accept(device.takeHead());
        return driver;
    }

    private static void assertViolation(final String words, final Executable action) {
        final DeviceViolation violation = assertThrows(DeviceViolation.class, action);
        assertTrue(String.valueOf(violation.getMessage()).contains(words), violation.getMessage());
    }

    @Test
    void aRightAnswerIsTaken() {
        final VirtioBlkDriver driver = afterRead(head -> {
            device.status(head, 0);
            device.use(head, 513);
        });

        assertEquals(1, poll(driver));
        assertEquals(List.of("1 OK 513"), completions);
        assertEquals(0, poll(driver));
    }

    @Test
    void anErrorMayHaveWrittenLess() {
        final VirtioBlkDriver driver = afterRead(head -> {
            device.status(head, 1);
            device.use(head, 0);
        });

        poll(driver);

        assertEquals(List.of("1 IOERR 0"), completions);
    }

    @Test
    void inOrderOneUsedBufferStandsForThoseBeforeIt() {
        device.features |= VirtioFeature.IN_ORDER.bit();
        final VirtioBlkDriver driver = start();
        driver.queue(0).read(2, 0, 512);
        driver.queue(0).read(1, 8, 512);
        driver.queue(0).kick();
        device.status(device.takeHead(), 0);
        final int last = device.takeHead();
        device.status(last, 1);
        device.use(last, 0);
        device.usedIndex(2);

        assertEquals(2, poll(driver));
        assertEquals(List.of("2 OK 513", "1 IOERR 0"), completions);
        assertEquals(0, driver.queue(0).inFlight());
    }

    @Test
    void inOrderABufferThatIsPassedOverWithoutAStatusIsAViolation() {
        device.features |= VirtioFeature.IN_ORDER.bit();
        final VirtioBlkDriver driver = start();
        driver.queue(0).read(2, 0, 512);
        driver.queue(0).read(1, 8, 512);
        driver.queue(0).kick();
        device.takeHead();
        final int last = device.takeHead();
        device.status(last, 0);
        device.use(last, 513);

        assertViolation("slot 2 was used without a status", () -> poll(driver));
    }

    @Test
    void anIdThatIsNoHeadIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> {
            device.status(head, 0);
            device.use(head + 1, 513);
        });

        assertViolation("is the head of no chain", () -> poll(driver));
    }

    @Test
    void anIdBeyondTheTableIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> device.use(-1, 513));

        assertViolation("4294967295, which is the head of no chain", () -> poll(driver));
    }

    @Test
    void aSecondCompletionIsAViolation() {
        final VirtioBlkDriver driver = start();
        driver.queue(0).read(0, 0, 512);
        driver.queue(0).read(1, 8, 512);
        driver.queue(0).kick();
        final int head = device.takeHead();
        device.status(head, 0);
        device.use(head, 513);
        device.use(head, 513);

        assertViolation("has completed already", () -> poll(driver));
    }

    @Test
    void aStatusThatWasNotWrittenIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> device.use(head, 513));

        assertViolation("without a status having been written", () -> poll(driver));
    }

    @Test
    void anUnknownStatusIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> {
            device.status(head, 77);
            device.use(head, 513);
        });

        assertViolation("unknown status 77", () -> poll(driver));
    }

    @Test
    void aLengthBeyondWhatCouldBeWrittenIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> {
            device.status(head, 0);
            device.use(head, 514);
        });

        assertViolation("used length 514 of slot 1 exceeds the 513 bytes", () -> poll(driver));
    }

    @Test
    void aSuccessThatDoesNotCoverItsDataIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> {
            device.status(head, 0);
            device.use(head, 1);
        });

        assertViolation("wrote 1 bytes instead of 513", () -> poll(driver));
    }

    @Test
    void aUsedIndexThatRunsAheadIsAViolation() {
        final VirtioBlkDriver driver = afterRead(head -> device.usedIndex(2));

        assertViolation("stands for 2 used buffers while only 1", () -> poll(driver));
    }

    @Test
    void aRequestThatIsNeverUsedIsToldAsLost() {
        final VirtioBlkDriver driver = start();

        assertViolation("a request is lost", () -> new BlkDisk(driver).read(0, new byte[512]));
    }

    @Test
    void aDeviceThatNeedsAResetIsTold() {
        final VirtioBlkDriver driver = start();
        device.registers.merge(0x070, 64, (a, b) -> a | b);

        assertViolation("needs a reset", () -> new BlkDisk(driver).read(0, new byte[512]));
    }

    @Test
    void refusedFeaturesAreNamed() {
        device.acceptedStatusBits = ~8;

        final IllegalStateException refusal = assertThrows(IllegalStateException.class, this::start);

        assertTrue(String.valueOf(refusal.getMessage()).contains("refuses these features: version_1"));
        assertEquals(128, device.registers.getOrDefault(0x070, 0) & 128);
    }

    @Test
    void aLegacyDeviceIsRefused() {
        device.features = 0;

        final IllegalStateException refusal = assertThrows(IllegalStateException.class, this::start);

        assertTrue(String.valueOf(refusal.getMessage()).contains("does not offer VERSION_1"));
    }

    @Test
    void anotherKindOfDeviceIsRefused() {
        device.registers.put(0x008, 1);

        final IllegalStateException refusal = assertThrows(IllegalStateException.class, this::start);

        assertEquals("device type 1 is no block device", refusal.getMessage());
    }

    @Test
    void somethingElseThanVirtioIsRefused() {
        device.registers.put(0x000, 0);

        assertViolation("no virtio-mmio device of version 1 or 2: magic 0x0, version 2", this::start);
    }

    @Test
    void aResetThatDoesNotEndIsAViolation() {
        final VirtioBlkDriver driver = start();
        final Machine other = new Machine(1 << 20);
        final Machine.Place stuck = other.plug(line -> new ScriptedDevice(new GuestRam(1 << 20), line) {
            @Override
            public long read(final int offset, final int widthBytes) {
                return offset == 0x070 ? 15 : super.read(offset, widthBytes);
            }
        });

        driver.requireLive();
        assertViolation(
                "reset does not end: status stays 0xf",
                () -> VirtioBlkDriver.start(
                        new MmioTransport(other, stuck), other.ram(), DriverOptions.of(1, 512), NEVER));
    }

    @Test
    void aConfigurationThatNeverRestsIsAViolation() {
        device.generationStep = 1;

        assertViolation("configuration changed during each", this::start);
    }

    // ---- notifications: not wrong, but needless ones cost ----

    @Test
    void aDeviceThatWantsNoNotificationsGetsNone() {
        final VirtioBlkDriver driver = start();
        device.deviceFlags(1);
        driver.queue(0).read(0, 0, 512);
        driver.queue(0).kick();
        final int suppressed = device.notifications;
        device.deviceFlags(0);
        driver.queue(0).read(1, 0, 512);
        driver.queue(0).kick();
        driver.queue(0).kick();

        assertEquals(0, suppressed);
        assertEquals(1, device.notifications);
        assertEquals(1, device.driverFlags());
    }

    @Test
    void aNotificationComesWhenTheAvailableIndexPassesTheEvent() {
        device.features |= VirtioFeature.EVENT_IDX.bit();
        final VirtioBlkDriver driver = start();
        device.availableEvent(2);
        driver.queue(0).read(0, 0, 512);
        driver.queue(0).read(1, 8, 512);
        driver.queue(0).kick();
        final int before = device.notifications;
        driver.queue(0).read(2, 16, 512);
        driver.queue(0).kick();

        assertEquals(0, before);
        assertEquals(1, device.notifications);
        assertEquals(0, device.driverFlags());
    }

    @Test
    void aWaitingDriverAsksForTheNextElementAndAcknowledgesItsInterrupt() {
        device.features |= VirtioFeature.EVENT_IDX.bit();
        final VirtioBlkDriver driver = start();
        final int asleep = device.usedEvent();
        device.interrupt(1);

        final boolean woken = driver.queue(0).await(0);

        assertTrue(woken);
        assertEquals(0xffff, asleep);
        assertEquals(0xffff, device.usedEvent());
        assertFalse(place.interrupt().asserted());
        assertEquals(0, device.registers.get(0x060));
    }
}
