package io.drivebay.sim.differential;

import io.drivebay.sim.qtest.QtestClient;
import io.drivebay.sim.qtest.QtestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A QEMU with a disk as master and a CD drive as master of the second channel, whose processor never runs. Debian's 7.2
 * has no qtest accelerator; with TCG and a stopped processor ports, memory, PCI and interrupts work.
 */
final class Qemu implements AutoCloseable {
    static final String PROGRAM = "qemu-system-x86_64";

    private final QtestProcess process;

    Qemu(final Path folder, final byte[] disk, final byte[] disc) throws IOException {
        final Path diskFile = Files.write(folder.resolve("disk.img"), disk);
        final Path discFile = Files.write(folder.resolve("disc.iso"), disc);
        process = QtestProcess.start(
                folder,
                List.of(
                        PROGRAM,
                        "-machine",
                        "pc",
                        "-accel",
                        "tcg",
                        "-S",
                        "-display",
                        "none",
                        "-nodefaults",
                        "-m",
                        "128",
                        "-drive",
                        "if=none,id=d,format=raw,discard=unmap,cache=unsafe,file=" + diskFile,
                        "-device",
                        "ide-hd,drive=d,bus=ide.0,unit=0",
                        "-drive",
                        "if=none,id=c,format=raw,media=cdrom,file=" + discFile,
                        "-device",
                        "ide-cd,drive=c,bus=ide.1,unit=0"));
        process.client().interceptInterrupts();
    }

    QtestClient pc() {
        return process.client();
    }

    /** What was run. */
    static String version() throws IOException {
        final Process asked = new ProcessBuilder(PROGRAM, "--version").start();
        return new String(asked.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
