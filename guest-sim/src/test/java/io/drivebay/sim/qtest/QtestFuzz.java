package io.drivebay.sim.qtest;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.ata.AtaDisk;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.atapi.AtapiDrive;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.pc.PcMachine;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.VirtioBlk;
import io.drivebay.virtio.mmio.VirtioMmio;
import io.drivebay.virtio.pci.PciOptions;
import io.drivebay.virtio.pci.PciOptions.Form;
import io.drivebay.virtio.pci.VirtioPci;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Fuzz target: a qtest client that sends whatever it likes to a machine with a disk, a CD drive and virtio disks on PCI and
 * in memory, by the standards or as QEMU has it. The input's first bytes say which, how the line cuts what is sent, and how
 * unwilling the client is to take what it is told; the rest is text, where bytes from 0x80 on stand for words that
 * make sense. Each line must be answered by one line, and afterwards the machine must still work.
 */
public final class QtestFuzz {
    private static final int RAM_BYTES = 2 << 20;
    private static final int DISK_BYTES = 1 << 18;
    private static final int HEADER = 3;
    private static final int MOST_TURNS = 20_000;
    private static final int FIRST_WORD = 0x80;
    private static final Pattern LINE = Pattern.compile("OK( .*)?|FAIL .+|IRQ (raise|lower) (\\d|1[0-5])");
    private static final MemoryRegion MEMORY = MemoryRegion.allocate(RAM_BYTES);

    // spotless:off
    private static final String[] WORDS = {
        "inb ", "inw ", "inl ", "outb ", "outw ", "outl ", "readb ", "readw ", "readl ", "readq ", "writeb ", "writew ",
        "writel ", "writeq ", "read ", "write ", "memset ", "b64read ", "b64write ", "clock_step ", "clock_set ",
        "irq_intercept_in ioapic\n", "irq_intercept_out ioapic\n", "endianness\n", "clock_step\n", "\r\n", "\n",
        "0x1f0 ", "0x1f1 ", "0x1f2 ", "0x1f3 ", "0x1f4 ", "0x1f5 ", "0x1f6 ", "0x1f7 ", "0x3f6 ",
        "0x170 ", "0x171 ", "0x172 ", "0x173 ", "0x174 ", "0x175 ", "0x176 ", "0x177 ", "0x376 ",
        "0xc000 ", "0xc002 ", "0xc004 ", "0xc008 ", "0xc010 ", "0xcf8 ", "0xcfc ", "0xcfe ", "0x70 ", "0x71 ", "0x510 ", "0x511 ",
        "0x80000904 ", "0x80000920 ", "0x80001000 ", "0x80001004 ", "0x80001010 ", "0x80001014 ", "0x80001020 ", "0x80001050 ",
        "0xfeb00000 ", "0xfeb00070 ", "0xfeb00100 ", "0xe0000000 ", "0x100000 ", "0x1ff000 ", "0x1fffff ", "0x200000 ",
        "0xffffffff ", "0xffffffffffffffff ", "0x10000 ", "0xffff ", "0x1000 ", "0 ", "1 ", "5 ", "7 ", "0xa0 ", "0xb0 ",
        "0xe0 ", "0xec ", "0xc8 ", "0xca ", "0x25 ", "0x29 ", "0xc4 ", "0xef ", "0x06 ", "0x08 ", "9 ", "0x80 ", "0xff ", "4 ",
        "outb 0x1f7 0x", "outb 0x177 0x", "outw 0x1f0 0x", "outw 0x170 0x", "outb 0xc000 0x", "outb 0xc008 0x",
        "outl 0xcf8 0x80000920\noutl 0xcfc 0xc001\noutl 0xcf8 0x80000904\noutw 0xcfc 7\n",
        "outl 0xcf8 0x80001010\noutl 0xcfc 0xc101\noutl 0xcf8 0x80001004\noutw 0xcfc 7\n",
        "outl 0xc004 0x100000\noutl 0xc00c 0x100000\nwriteq 0x100000 0x8000100000180000\n",
        "outb 0x177 0xa0\nwrite 0x180000 12 0x28\n", "AAAA", "0x5a5a5a5a", "0x"
    };
    // spotless:on

    private final VirtualClock clock = new VirtualClock();
    private final IoContext context = IoContext.stepped("pc", clock);
    private final BlockLayer layer = new BlockLayer();
    private final PcMachine machine;
    private final MemoryChannel channel;
    private final QtestSession session;
    private long realNs;

    private QtestFuzz(final byte[] input) throws BlockException {
        final byte[] header = Arrays.copyOf(input, HEADER);
        final Set<Deviation> profile = (header[0] & 1) == 0 ? Deviation.STANDARD : Deviation.QEMU_QUIRKS;
        MEMORY.fill(0, RAM_BYTES, (byte) 0);
        layer.addContext(context);
        machine = new PcMachine(new GuestRam(RAM_BYTES, bytes -> MEMORY), new UUID(0, 0), profile);
        plug(profile);
        final String text = text(input);
        channel = new MemoryChannel(text, 1 + (header[1] & 0xff), 1 + (header[2] & 0xff) * 16);
        session = new QtestSession(
                channel, machine, new MachineClock(clock, context), () -> realNs += 10_000, QtestLog.none());
    }

    private void plug(final Set<Deviation> profile) throws BlockException {
        machine.channel(0)
                .plug(
                        0,
                        AtaDisk.attach(
                                DiskOptions.of(DriveOptions.of("hd0").withDeviations(profile)),
                                backend(),
                                machine.channel(0).socket(0)));
        machine.channel(1)
                .plug(
                        0,
                        AtapiDrive.attach(
                                DriveOptions.of("cd0").withDeviations(profile),
                                backend(),
                                machine.channel(1).socket(0),
                                TransitionTrace.NONE));
        final VirtioBlk onPci = VirtioBlk.attach(backend(), machine.ram().memory(), BlkOptions.of("pci"));
        machine.pci()
                .plug(
                        2,
                        0,
                        new VirtioPci(
                                onPci,
                                PciOptions.of(Form.TRANSITIONAL),
                                machine.pci().interruptLine(2, 1),
                                machine.messages()));
        final VirtioBlk inMemory = VirtioBlk.attach(backend(), machine.ram().memory(), BlkOptions.of("mmio"));
        machine.plugWindow(line -> new VirtioMmio(inMemory, line));
    }

    private BlockBackend backend() throws BlockException {
        return new MemoryDisk(DISK_BYTES).backend(layer, context);
    }

    private static String text(final byte[] input) {
        final StringBuilder text = new StringBuilder();
        for (int i = HEADER; i < input.length; i++) {
            final int value = input[i] & 0xff;
            text.append(value < FIRST_WORD ? String.valueOf((char) value) : WORDS[(value - FIRST_WORD) % WORDS.length]);
        }
        return text.toString();
    }

    /** One input; throws where the server or the machine does what it must not. */
    public static void fuzzerTestOneInput(final byte[] input) throws BlockException {
        final QtestFuzz fuzz = new QtestFuzz(input);
        fuzz.talk();
        fuzz.requireThatAllWorksAgain();
        fuzz.layer.close();
    }

    /* Commands that take long may be cut off; they would go on for a while, but not for ever. */
    private void talk() {
        session.begin(channel);
        int turns = 0;
        while (!session.ended() && turns < MOST_TURNS) {
            context.runOnce();
            if (channel.awaited()) {
                session.wake();
            }
            turns++;
        }
        final boolean all = session.ended();
        if (!all) {
            session.end();
        }
        check(all);
    }

    private void check(final boolean all) {
        final String said = channel.said();
        final String[] lines = said.isEmpty() ? new String[0] : said.split("\n");
        long answers = 0;
        for (int i = 0; i < lines.length; i++) {
            final boolean cutOff = !all && i == lines.length - 1;
            require(cutOff || LINE.matcher(lines[i]).matches(), "this is no answer: " + lines[i]);
            answers += lines[i].startsWith("IRQ") ? 0 : 1;
        }
        require(answers <= channel.lines(), answers + " answers to " + channel.lines() + " lines");
        require(!all || answers == channel.lines(), answers + " answers to " + channel.lines() + " lines");
    }

    private void requireThatAllWorksAgain() {
        machine.reset();
        context.runUntilIdle();
        for (final int control : new int[] {0x3f6, 0x376}) {
            machine.outb(control, 4);
            machine.outb(control, 0);
        }
        context.runUntilIdle();
        machine.outb(0x1f6, 0xa0);
        machine.outb(0x1f7, 0xec);
        context.runUntilIdle();
        require(machine.inb(0x1f7) == 0x58, "the disk does not identify itself");
        machine.outb(0x176, 0xa0);
        machine.outb(0x177, 0xa1);
        context.runUntilIdle();
        require(machine.inb(0x177) == 0x58, "the CD drive does not identify itself");
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** The input as text, for those who look into a corpus. */
    public static String show(final byte[] input) {
        return new String(text(input).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }
}
