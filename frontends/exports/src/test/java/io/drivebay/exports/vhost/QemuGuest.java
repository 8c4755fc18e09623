package io.drivebay.exports.vhost;

import io.drivebay.exports.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Boots Debian's Linux in qemu-system-x86_64, whose processor is a program: it needs no KVM. */
final class QemuGuest {
    private static final String MEMORY = "1536M";

    /** What the kernel leaves alone: all between 128 MiB and 1 GiB. */
    private static final String RESERVED = "896M$128M";

    /** Each after those that it needs. */
    private static final List<String> MODULES = List.of(
            "virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "virtio_blk");

    private QemuGuest() {}

    /**
     * Boots one with two processors and as many queues; it tries to connect again when its disk goes.
     *
     * @param packed whether its rings are packed ones
     */
    static LinuxGuest boot(final Path scratch, final String socket, final boolean packed)
            throws IOException, InterruptedException {
        Peers.need("qemu-system-x86_64");
        final Path initramfs = scratch.resolve("initramfs");
        final List<Path> modules = new ArrayList<>();
        for (final String name : MODULES) {
            modules.add(Peers.guestFile("lib/modules", name + "\\.ko"));
        }
        Initramfs.write(initramfs, modules);
        final String options = "-nodefaults -no-user-config -display none -accel tcg -smp 2 -m " + MEMORY
                + " -object memory-backend-memfd,id=ram,share=on,size=" + MEMORY
                + " -machine q35,memory-backend=ram"
                + " -chardev socket,id=disk,reconnect=1,path=" + socket
                + " -device vhost-user-blk-pci,chardev=disk,num-queues=2,packed=" + (packed ? "on" : "off")
                + " -serial stdio -no-reboot"
                + " -kernel " + Peers.guestFile("boot", "vmlinuz-.*")
                + " -initrd " + initramfs;
        final List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of(
                "-append",
                "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check memmap=" + RESERVED));
        return LinuxGuest.start(command);
    }
}
