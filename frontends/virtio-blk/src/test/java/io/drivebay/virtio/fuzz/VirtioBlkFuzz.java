package io.drivebay.virtio.fuzz;

import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;

/**
 * Fuzz target: a virtio-blk device behind its registers. The input is a guest's program: chains, headers, kicks, registers,
 * scribbles in memory, and what the disk does meanwhile. In the end a reset must bring back a device that works.
 */
public final class VirtioBlkFuzz {
    private static final int SIZE = 16;
    private static final int MAX_ACTIONS = 200;
    private static final int MAX_TURNS = 10_000;
    private static final int MAX_CHAIN = 5;
    private static final int HEADERS = Machine.BUFFERS;
    private static final int DATA = Machine.BUFFERS + 4096;
    private static final int TABLE = Machine.BUFFERS + 65536;
    private static final int OK = 0;
    private static final int DISK_BYTES = 64 << 10;
    private static final ZoneLayout ZONES = new ZoneLayout(16384, 2, 3, 8192, 4096);
    private static final long MOST = Machine.USUAL
            | Machine.LIFETIME
            | Machine.SECURE_ERASE
            | Machine.ZONED
            | Machine.RING_RESET
            | Machine.NOTIFICATION_DATA;

    private final FuzzBytes input;
    private final Form form;
    private final long features;
    private final Machine machine;
    private GuestQueue ring;

    private VirtioBlkFuzz(final FuzzBytes input) {
        this.input = input;
        final int choices = input.u8();
        form = (choices & 1) == 0 ? Form.SPLIT : Form.PACKED;
        features = (choices & 2) == 0 ? MOST : MOST | Machine.EVENT_IDX | Machine.CONFIG_WCE | Machine.IN_ORDER;
        final BlkOptions options = BlkOptions.of("fuzz")
                .withSerial("fuzz")
                .withQueues(2, SIZE)
                .withProcessing((choices & 4) == 0 ? Processing.NOTIFIER : Processing.CONTEXT)
                .withReadOnly((choices & 8) != 0)
                .withBlockBytes((choices & 16) == 0 ? 512 : 4096)
                .withFeatures(Machine.IN_ORDER);
        final HeldDisk disk = new HeldDisk(DISK_BYTES).quiet().erasing().lifetime(new MediumLifetime(1, 2, 3));
        machine = new Machine(options, (choices & 64) == 0 ? disk : disk.zoned(ZONES), (choices & 32) == 0 ? 64 : 2);
        ring = bringUp();
    }

    /** One input; throws where the device does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) {
        final VirtioBlkFuzz fuzz = new VirtioBlkFuzz(new FuzzBytes(input));
        try (Machine whole = fuzz.machine) {
            for (int i = 0; i < MAX_ACTIONS && !fuzz.input.exhausted(); i++) {
                fuzz.act();
            }
            fuzz.comeToRest(whole);
        }
    }

    private GuestQueue bringUp() {
        return machine.start(machine.device.offeredFeatures() & features, SIZE, form);
    }

    private void act() {
        switch (input.u8() % 12) {
            case 0 -> ring.offer(chain());
            case 1 -> ring.offer(ring.table(TABLE, chain()));
            case 2 ->
                machine.headerAt(
                        HEADERS + 16 * (input.u8() % 16),
                        (int) input.pick(0, 1, 4, 8, 10, 11, 13, 14, 15, 16, 18, 20, 22, 24, 26),
                        input.pick(0, 1, 127, 128, -1, Long.MAX_VALUE));
            case 3 -> segment();
            case 4 -> machine.ram.putLong(8 * (input.u16() % 256), input.i64());
            case 5 -> machine.kick(input.u8() % 4);
            case 6 -> run();
            case 7 -> machine.disk.hold(input.flag());
            case 8 ->
                machine.disk.fail(
                        input.flag() ? Status.values()[1 + input.u8() % (Status.values().length - 1)] : null, 3);
            case 9 -> machine.context.run(machine.disk::releaseAll);
            case 10 -> register();
            default -> restart();
        }
    }

    private Buffer[] chain() {
        final Buffer[] buffers = new Buffer[1 + input.u8() % MAX_CHAIN];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = new Buffer(
                    input.pick(HEADERS, HEADERS + 16, DATA, DATA + 511, TABLE, Machine.RAM_BYTES - 1, -1),
                    (int) input.pick(16, 512, 513, 1, 4096, 32, 0, -1),
                    (int) input.pick(0, 2, 4));
        }
        return buffers;
    }

    /** What a discard or a write of zeros reads. */
    private void segment() {
        final int at = DATA + 16 * (input.u8() % 32);
        machine.ram.putLong(at, input.pick(0, 1, 127, 128, -1));
        machine.ram.putInt(at + 8, (int) input.pick(0, 1, 8, 128, -1));
        machine.ram.putInt(at + 12, (int) input.pick(0, 1, 2));
    }

    private void register() {
        final int offset = (int) input.pick(
                Machine.STATUS,
                Machine.QUEUE_RESET,
                Machine.QUEUE_SEL,
                Machine.QUEUE_NUM,
                Machine.QUEUE_READY,
                0x80,
                0x90,
                0xa0,
                0x120);
        final int width = 1 << input.u8() % 4;
        machine.mmio.write(offset, width, input.pick(0, 1, 3, 11, 15, 16, 4096));
        machine.mmio.read(offset, width);
    }

    private void restart() {
        machine.set(Machine.STATUS, 0);
        if (machine.get(Machine.STATUS) == 0) {
            ring = bringUp();
        }
    }

    private void run() {
        int turns = 0;
        while (machine.context.runOnce() > 0) {
            require(++turns < MAX_TURNS, "work ends");
        }
    }

    private void comeToRest(final Machine whole) {
        whole.disk.hold(false);
        whole.disk.fail(null);
        whole.context.run(whole.disk::releaseAll);
        run();
        require(whole.backend.pending() == 0, "every request ends");
        whole.set(Machine.STATUS, 0);
        run();
        require(whole.get(Machine.STATUS) == 0, "a reset ends");
        ring = bringUp();
        final Buffer status = whole.status();
        ring.offer(whole.header(Machine.IN, 0), Buffer.writable(DATA, 4096), status);
        whole.kick(0);
        run();
        require(ring.poll() != null && whole.statusIn(status) == OK, "a device that was reset works");
    }

    private static void require(final boolean holds, final String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
