package io.drivebay.exports.vhost;

import io.drivebay.exports.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file system that a Linux kernel starts from: busybox, this machine's mkfs.ext4, modules, and a shell on the console. An
 * archive of cpio's newc form.
 */
final class Initramfs {
    private static final int DIRECTORY = 0040755;
    private static final int PROGRAM = 0100755;
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private static final String INIT = """
            #!/bin/busybox sh
            /bin/busybox --install -s /bin
            export PATH=/bin PS1=
            mount -t proc none /proc
            mount -t sysfs none /sys
            mount -t devtmpfs none /dev
            for module in /modules/*; do insmod $module; done
            stty -echo
            echo the-guest-is-$((1 + 1))-ready
            exec setsid cttyhack sh
            """;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private final Set<String> folders = new HashSet<>();
    private int inode = 1;

    private Initramfs() {}

    /** Makes one; the modules are loaded in their order. */
    static void write(final Path target, final List<Path> modules) throws IOException, InterruptedException {
        final Initramfs made = new Initramfs();
        for (final String folder : List.of("bin", "proc", "sys", "dev", "modules", "mnt", "tmp")) {
            made.folder(folder);
        }
        made.add("bin/busybox", Files.readAllBytes(Peers.guestFile("bin", "busybox")));
        made.addWithLibraries("bin/mkfs.ext4", "mkfs.ext4");
        for (int i = 0; i < modules.size(); i++) {
            made.add(String.format(Locale.ROOT, "modules/%02d", i), Files.readAllBytes(modules.get(i)));
        }
        made.add("init", INIT.getBytes(StandardCharsets.US_ASCII));
        made.entry("TRAILER!!!", 0, new byte[0]);
        Files.write(target, made.archive.toByteArray());
    }

    /** A program of this machine, with what it is linked with at the same places as here. */
    private void addWithLibraries(final String name, final String program) throws IOException, InterruptedException {
        Peers.need(program);
        final String path = Peers.run("sh", "-c", "command -v " + program).trim();
        add(name, Files.readAllBytes(Path.of(path)));
        final Matcher libraries = LIBRARY.matcher(Peers.run("ldd", path));
        while (libraries.find()) {
            add(libraries.group(1).substring(1), Files.readAllBytes(Path.of(libraries.group(1))));
        }
    }

    private void folder(final String name) throws IOException {
        final int parent = name.lastIndexOf('/');
        if (parent > 0) {
            folder(name.substring(0, parent));
        }
        if (folders.add(name)) {
            entry(name, DIRECTORY, new byte[0]);
        }
    }

    private void add(final String name, final byte[] content) throws IOException {
        final int parent = name.lastIndexOf('/');
        if (parent > 0) {
            folder(name.substring(0, parent));
        }
        entry(name, PROGRAM, content);
    }

    private void entry(final String name, final int mode, final byte[] content) throws IOException {
        final int[] fields = {inode++, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, 0};
        final StringBuilder header = new StringBuilder("070701");
        for (final int field : fields) {
            header.append(String.format(Locale.ROOT, "%08X", field));
        }
        archive.write((header + name + "\0").getBytes(StandardCharsets.US_ASCII));
        align();
        archive.write(content);
        align();
    }

    private void align() {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }
}
