package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.sim.qtest.QtestClient;
import io.drivebay.sim.qtest.QtestProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class MachineCommandTest {
    private static final int DISK_BYTES = 1 << 20;

    @TempDir
    private Path folder;

    private Path disk;
    private @Nullable QtestProcess machine;

    @BeforeEach
    void makeDisk() throws IOException {
        final byte[] content = new byte[DISK_BYTES];
        Arrays.fill(content, 512, 1024, (byte) 0x5a);
        disk = Files.write(folder.resolve("disk"), content);
    }

    private QtestProcess machine() {
        return Objects.requireNonNull(machine);
    }

    @AfterEach
    void endMachine() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }

    private QtestClient start(final String... options) throws IOException {
        final List<String> command = ServiceProcess.command("machine");
        command.addAll(List.of(options));
        final QtestProcess started = QtestProcess.start(folder, command);
        machine = started;
        return started.client();
    }

    private static byte[] readSector(final QtestClient guest, final int sector) {
        guest.outb(0x1f6, 0xe0);
        guest.outb(0x1f2, 1);
        guest.outb(0x1f3, sector);
        guest.outb(0x1f4, 0);
        guest.outb(0x1f5, 0);
        guest.outb(0x1f7, 0x20);
        while ((guest.inb(0x3f6) & 0x80) != 0) {
            Thread.onSpinWait();
        }
        final byte[] data = new byte[512];
        guest.insw(0x1f0, data, 0, 256);
        return data;
    }

    private static String identity(final QtestClient guest, final int base, final int opcode, final int from) {
        guest.outb(base + 6, 0xa0);
        guest.outb(base + 7, opcode);
        final byte[] words = new byte[512];
        guest.insw(base, words, 0, 256);
        final StringBuilder text = new StringBuilder();
        for (int i = 2 * from; i < 2 * from + 20; i += 2) {
            text.append((char) words[i + 1]).append((char) words[i]);
        }
        return text.toString().strip();
    }

    // ---- a machine ----

    @Test
    void itIsStartedAndEndedAsQemuIs() throws Exception {
        final QtestClient guest = start(
                "-trace",
                "nothing",
                "-display",
                "none",
                "-drive",
                "file=" + disk + ",if=ide,cache=writeback,format=raw",
                "-global",
                "ide-hd.serial=testdisk",
                "-accel",
                "qtest");

        assertEquals("testdisk", identity(guest, 0x1f0, 0xec, 10));
        assertEquals(0x5a, readSector(guest, 1)[17]);
        assertEquals(1000, guest.clockStep(1000));
        assertEquals(0, machine().end());
    }

    @Test
    void aPcHasAnEmptyDiscDriveUnlessToldOtherwise() throws Exception {
        final QtestClient guest = start();

        guest.outb(0x177, 0xa1);
        assertEquals(0x58, guest.inb(0x177));
        assertEquals(0, guest.inb(0x1f7));
    }

    @Test
    void withoutDefaultsThereIsNothing() throws Exception {
        final QtestClient guest = start("-nodefaults");

        assertEquals(0, guest.inb(0x177) | guest.inb(0x1f7));
    }

    @Test
    void drivesAreFoundByNameAndNodesToo() throws Exception {
        final QtestClient guest = start(
                "-nodefaults",
                "-machine",
                "pc,x-qemu-quirks=on",
                "-drive",
                "if=none,id=one,format=raw,file=" + disk,
                "-blockdev",
                "driver=null-co,node-name=two,size=1M",
                "-device",
                "ide-hd,drive=one,bus=ide.1,unit=1,model=First",
                "-device",
                "ide-hd,drive=two,bus=ide.0,unit=0");

        assertEquals("QM00001", identity(guest, 0x1f0, 0xec, 10));
        guest.outb(0x176, 0xb0);
        assertEquals(0x50, guest.inb(0x177));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                         | 0 | 136 15 1
                    ,bios-chs-trans=large                      | 2 | 136 15 1
                    ,cyls=20,heads=2,secs=9                    | 0 | 20 2 9
                    ,cyls=2000,heads=2,secs=9                  | 1 | 2000 2 9
                    """)
    void aDisksGeometryIsThatOfItsPartitionsUnlessItIsGiven(
            final String properties, final int translation, final String shape) throws Exception {
        final byte[] content = Files.readAllBytes(disk);
        content[446 + 5] = 14; // the partition ends on head 14, sector 1
        content[446 + 6] = 1;
        content[446 + 12] = 1;
        content[510] = 0x55;
        content[511] = (byte) 0xaa;
        Files.write(disk, content);
        final QtestClient guest = start(
                "-drive",
                "if=none,id=d,format=raw,file=" + disk,
                "-device",
                "ide-hd,drive=d,bus=ide.0,unit=0" + properties);

        assertEquals(translation, cmos(guest, 0x39));
        assertEquals(
                shape,
                (cmos(guest, 0x1b) | cmos(guest, 0x1c) << 8) + " " + cmos(guest, 0x1d) + " " + cmos(guest, 0x23));
        guest.outb(0x1f6, 0xa0);
        guest.outb(0x1f7, 0xec);
        final byte[] words = new byte[512];
        guest.insw(0x1f0, words, 0, 256);
        assertEquals(
                shape,
                ((words[2] & 0xff) | (words[3] & 0xff) << 8) + " " + (words[6] & 0xff) + " " + (words[12] & 0xff));
    }

    private static int cmos(final QtestClient guest, final int index) {
        guest.outb(0x70, index);
        return guest.inb(0x71);
    }

    @ParameterizedTest
    @CsvSource({"FOLDER/faults, 0x41", "'', 0x50"})
    void aFaultInjectorMayStandInAFilesName(final String config, final int status) throws Exception {
        Files.writeString(folder.resolve("faults"), "[inject-error]\nevent = \"read_aio\"\nsector = \"1\"\n");
        final String name = "blkdebug:" + config.replace("FOLDER", folder.toString()) + ":" + disk;
        final QtestClient guest = start("-drive", "if=ide,format=raw,file=" + name);

        readSector(guest, 0);
        assertEquals(0x50, guest.inb(0x1f7));
        readSector(guest, 1);
        assertEquals(status, guest.inb(0x1f7));
    }

    private static List<Integer> firmware(final QtestClient guest, final int item) {
        guest.outw(0x510, item);
        return List.of(guest.inb(0x511), guest.inb(0x511), guest.inb(0x511));
    }

    /** Of the firmware configuration's files 0x20 is the memory's map, 0x21 and 0x22 are told by -boot. */
    @ParameterizedTest
    @CsvSource({"'order=c,reboot-timeout=15,splash-time=300', 15, 44", "reboot-timeout=-1, 255, 0"})
    void theFirmwareIsToldHowLongToWait(final String boot, final int afterFailure, final int menu) throws Exception {
        final QtestClient guest = start("-boot", boot);

        assertEquals(afterFailure, firmware(guest, 0x21).get(0));
        assertEquals(menu, firmware(guest, 0x22).get(0));
    }

    @Test
    void aDiscGoesIntoTheDriveByCdrom() throws Exception {
        final QtestClient guest = start("-machine", "x-qemu-quirks=on", "-machine", "pc", "-cdrom", disk.toString());

        final byte[] capacity = new byte[12];
        capacity[0] = 0x25;
        packet(guest, capacity);
        final byte[] answer = new byte[8];
        guest.insw(0x170, answer, 0, 4);
        assertEquals(DISK_BYTES / 2048 - 1, ((answer[2] & 0xff) << 8) | (answer[3] & 0xff));
    }

    @Test
    void memoryMayBeLargerThanTheRoomBelowTheHole() throws Exception {
        final QtestClient guest = start("-m", "4G");
        final byte[] back = new byte[3];

        guest.write((5L << 30) - 2, new byte[] {7, 8, 9}, 0, 3);
        guest.read((5L << 30) - 2, back, 0, 3);

        assertArrayEquals(new byte[] {7, 8, 0}, back);
        guest.outw(0x510, 3);
        assertEquals(
                List.of(0, 0, 0, 0, 1),
                List.of(guest.inb(0x511), guest.inb(0x511), guest.inb(0x511), guest.inb(0x511), guest.inb(0x511)));
    }

    @Test
    void aVirtioDeviceStandsInMemory() throws Exception {
        final QtestClient guest =
                start("-blockdev", "driver=null-co,node-name=n,size=1M", "-device", "virtio-blk-device,drive=n,id=v");
        final byte[] magic = new byte[4];

        guest.read(0xfeb0_0000L, magic, 0, 4);

        assertEquals("virt", new String(magic, StandardCharsets.US_ASCII));
    }

    /** Bit 34 is RING_PACKED (virtio 1.2, 6); clients of qtest accept every feature that they are offered. */
    @ParameterizedTest
    @CsvSource({"'', 0", "',packed=on', 4"})
    void packedRingsAreOfferedToThoseWhoAskForThem(final String property, final int expected) throws Exception {
        final QtestClient guest = start(
                "-blockdev",
                "driver=null-co,node-name=n,size=1M",
                "-device",
                "virtio-blk-device,drive=n,id=v" + property);
        final byte[] high = {1, 0, 0, 0};
        final byte[] features = new byte[4];

        guest.write(0xfeb0_0014L, high, 0, 4);
        guest.read(0xfeb0_0010L, features, 0, 4);

        assertEquals(expected, features[0] & 4);
    }

    @Test
    void aVirtioDeviceStandsOnPciWhereItIsToldTo() throws Exception {
        final QtestClient guest = start(
                "-drive",
                "if=virtio,driver=null-co,size=1M",
                "-blockdev",
                "driver=null-co,node-name=n,size=1M",
                "-device",
                "virtio-blk-pci,drive=n,id=v,addr=04.0,disable-legacy=on");

        assertEquals(0x10011af4, config(guest, 2));
        assertEquals(-1, config(guest, 3));
        assertEquals(0x10421af4, config(guest, 4));
    }

    @Test
    void theMachineNoneHasNothingToDrive() throws Exception {
        final QtestClient guest = start("-machine", "none");

        assertEquals(0xffffffff, guest.inl(0xcfc));
    }

    @Test
    void theEndOfTheSocketIsNotTheEndOfTheMachine() throws Exception {
        final QtestClient guest = start("-drive", "if=ide,driver=null-co,size=1M");
        guest.outb(0x1f7, 0xec);
        guest.close();

        assertTrue(machine().alive());
        assertEquals(0, machine().end());
    }

    @Test
    void asAServerItTakesOneClientAfterTheOther() throws Exception {
        final Path socket = folder.resolve("own");
        final List<String> command = ServiceProcess.command("machine");
        command.addAll(List.of("-qtest", "unix:" + socket + ",server=on,wait=off"));
        final Process server = new ProcessBuilder(command).start();
        try {
            for (int i = 0; i < 2; i++) {
                try (QtestClient guest = connect(socket, server)) {
                    assertEquals(0x12378086, config(guest, 0));
                }
            }
            server.destroy();
            assertEquals(0, server.waitFor());
        } finally {
            server.destroyForcibly();
        }
    }

    private static int config(final QtestClient guest, final int device) {
        guest.outl(0xcf8, 0x80000000 | device << 11);
        return guest.inl(0xcfc);
    }

    private static QtestClient connect(final Path socket, final Process server) {
        while (server.isAlive()) {
            try {
                return new QtestClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)), SystemClock.INSTANCE);
            } catch (final IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IllegalStateException("the server is gone");
    }

    // ---- with a monitor ----

    @Test
    void aMonitorIsConnectedToAndChangesTheDisc() throws Exception {
        final Path socket = folder.resolve("qmp");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            final QtestClient guest = start(
                    "-chardev",
                    "socket,path=" + socket + ",id=char0",
                    "-mon",
                    "chardev=char0,mode=control",
                    "-blockdev",
                    "driver=null-co,node-name=disc,size=1M,read-only=on",
                    "-device",
                    "ide-cd,id=cd0,bus=ide.1");
            try (SocketChannel monitor = listening.accept()) {
                final BufferedReader said = new BufferedReader(Channels.newReader(monitor, StandardCharsets.UTF_8));
                assertTrue(said.readLine().startsWith("{\"QMP\""));
                assertEquals(List.of(0x02, 0x3a), attention(guest));
                for (final String command : List.of(
                        "qmp_capabilities\"",
                        "blockdev-open-tray\", \"arguments\": {\"id\": \"cd0\"}",
                        "blockdev-insert-medium\", \"arguments\": {\"id\": \"cd0\", \"node-name\": \"disc\"}",
                        "blockdev-close-tray\", \"arguments\": {\"id\": \"cd0\"}")) {
                    ask(monitor, said, "{\"execute\": \"" + command + "}");
                }
                assertEquals(List.of(0x06, 0x28), attention(guest));
                ask(monitor, said, "{\"execute\": \"quit\"}");
            }
        }
    }

    /** Sends a command, and waits for its reply. */
    private static void ask(final SocketChannel monitor, final BufferedReader said, final String command)
            throws IOException {
        monitor.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.UTF_8)));
        String line = said.readLine();
        while (line.contains("\"event\"")) {
            line = said.readLine();
        }
        assertTrue(line.startsWith("{\"return\""), command + ": " + line);
    }

    /** Key and code of the last sense data that a drive has when it is asked whether it is ready, several times. */
    private static List<Integer> attention(final QtestClient guest) {
        List<Integer> last = List.of();
        for (int i = 0; i < 3; i++) {
            packet(guest, new byte[12]);
            final byte[] request = new byte[12];
            request[0] = 3;
            request[4] = 18;
            packet(guest, request);
            final byte[] sense = new byte[18];
            guest.insw(0x170, sense, 0, 9);
            final List<Integer> now = List.of(sense[2] & 15, sense[12] & 0xff);
            last = now.get(1) == 0 || now.get(1) == 0x29 ? last : now;
        }
        return last;
    }

    private static void packet(final QtestClient guest, final byte[] bytes) {
        guest.outb(0x176, 0xa0);
        guest.outb(0x174, 0xfe);
        guest.outb(0x175, 0xff);
        guest.outb(0x177, 0xa0);
        guest.outsw(0x170, bytes, 0, 6);
        while ((guest.inb(0x376) & 0x80) != 0) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    -qmp     | stdio
                    -chardev | stdio,id=c0;-mon;chardev=c0,mode=control
                    """)
    void aMonitorTalksByStandardInputAndOutput(final String option, final String values) throws Exception {
        final List<String> command = ServiceProcess.command("machine");
        command.add(option);
        command.addAll(List.of(values.split(";", -1)));
        final Process process = new ProcessBuilder(command).start();
        try (BufferedReader said = process.inputReader()) {
            assertTrue(said.readLine().startsWith("{\"QMP\""));
            process.getOutputStream()
                    .write("{'execute':'qmp_capabilities'}{'execute':'quit'}".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            assertEquals("{\"return\":{}}", said.readLine());
            assertTrue(said.readLine().contains("SHUTDOWN"));
            assertEquals("{\"return\":{}}", said.readLine());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    // ---- what is refused ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-kernel x|'-kernel' is no option of this machine",
                "-device|option '-device' needs a value",
                "-machine q35|there is no machine 'q35'",
                "-machine pc,smm=off|'smm'",
                "-accel kvm|-accel kvm: only 'qtest' is there",
                "-display gtk|-display gtk: only 'none' is there",
                "-serial stdio|-serial stdio: there is none here",
                "-m 0|memory is 1M to 1T",
                "-uuid 5|this is no UUID",
                "-global x=1|this is not driver.property=value",
                "-device e1000|'e1000' is no device of this machine; there are ide-cd, ide-hd, virtio-blk-device",
                "-device ide-hd|device 'ide-hd' needs a drive",
                "-device ide-hd,drive=nothing|there is no drive or node 'nothing'",
                "-device ide-cd,colour=red|'colour'",
                "-device ide-cd,bus=ide.7|there is no bus 'ide.7'",
                "-device ide-cd,unit=2|unit=2: an IDE bus has units 0 and 1",
                "-drive if=none,id=d,driver=null-co,size=1M -device ide-hd,drive=d,bios-chs-trans=x|or rechs, not 'x'",
                "-drive if=none,id=d,driver=null-co,size=1M -device ide-hd,drive=d,heads=17|geometry 0/17/0 is beyond",
                "-device ide-cd,rerror=maybe|option 'rerror' must be one of report",
                "-drive if=floppy|if=floppy is none of ide, virtio and none",
                "-drive if=ide,index=9,media=cdrom|IDE has four places",
                "-drive file=blkdebug:/nowhere|is not blkdebug:CONFIG:IMAGE or blkdebug::IMAGE",
                "-drive file=blkdebug::blkdebug::/nowhere|is not blkdebug:CONFIG:IMAGE or blkdebug::IMAGE",
                "-drive file=blkdebug:/nowhere:/at/all|/nowhere cannot be read",
                "-boot reboot-timeout=70000|reboot-timeout=70000 is beyond 65535",
                "-boot splash-time=-1|'splash-time'",
                "-boot colour=red|'colour'",
                "-drive media=tape|media is disk or cdrom",
                "-drive file=/nowhere/at/all|/nowhere/at/all",
                "-drive if=none,id=a -drive if=none,id=a|'a'",
                "-mon chardev=none,mode=control|there is no chardev 'none'",
                "-mon mode=readline,chardev=c|only mode=control",
                "-chardev pty,id=p|only socket and stdio are there, not 'pty'",
                "-chardev socket,id=c,fd=2 -qtest chardev:c|fd=2: only a connected socket from 3 on can be inherited",
                "-chardev socket,id=c,fd=9999 -qtest chardev:c|fd=9999 is no socket that this process was started with",
                "-qtest file:x|'file:x' is neither unix:PATH, tcp:HOST:PORT nor stdio",
                "-qtest stdio|qtest needs a socket",
                "-qmp stdio -qmp stdio|only one monitor can have standard input and output",
                "-blockdev driver=nothing|no driver is called 'nothing'"
            })
    void whatIsNotThereIsRefusedByName(final String options, final String words) {
        final List<String> arguments = new ArrayList<>(List.of("machine"));
        arguments.addAll(List.of(options.split(" ")));

        final CommandRun run = CommandRun.of(arguments.toArray(new String[0]));

        assertTrue(run.exitCode() != 0, run.err());
        assertTrue(run.err().contains(words), run.err());
    }
}
