package io.drivebay.sim.differential;

import io.drivebay.sim.qtest.QtestProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts QEMUs whose processor never runs. Debian's 7.2 has no qtest accelerator; with TCG and a stopped processor ports,
 * memory, PCI and interrupts work.
 */
final class Qemu {
    static final String PROGRAM = "qemu-system-x86_64";

    // spotless:off
    private static final List<String> MACHINE = List.of(
            "-machine", "pc", "-accel", "tcg", "-S", "-display", "none", "-nodefaults", "-m", "128");
    // spotless:on

    private Qemu() {}

    /** With a disk as master of the first channel and a CD drive as master of the second. */
    static QtestProcess withDrives(final Path folder, final byte[] disk, final byte[] disc) throws IOException {
        final Path diskFile = Files.write(folder.resolve("disk.img"), disk);
        final Path discFile = Files.write(folder.resolve("disc.iso"), disc);
        final QtestProcess process = start(
                folder,
                "-drive",
                "if=none,id=d,format=raw,discard=unmap,cache=unsafe,file=" + diskFile,
                "-device",
                "ide-hd,drive=d,bus=ide.0,unit=0",
                "-drive",
                "if=none,id=c,format=raw,media=cdrom,file=" + discFile,
                "-device",
                "ide-cd,drive=c,bus=ide.1,unit=0");
        process.client().interceptInterrupts();
        return process;
    }

    /** With a transitional virtio-blk function at 00:04.0. */
    static QtestProcess withVirtioBlk(final Path folder, final int diskBytes) throws IOException {
        final Path disk = Files.write(folder.resolve("disk.img"), new byte[diskBytes]);
        return start(
                folder,
                "-drive",
                "if=none,id=d,format=raw,discard=unmap,file=" + disk,
                "-device",
                "virtio-blk-pci,drive=d,addr=4.0,num-queues=1");
    }

    private static QtestProcess start(final Path folder, final String... devices) throws IOException {
        final List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(MACHINE);
        command.addAll(List.of(devices));
        return QtestProcess.start(folder, command);
    }

    /** What was run. */
    static String version() throws IOException {
        final Process asked = new ProcessBuilder(PROGRAM, "--version").start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }
}
