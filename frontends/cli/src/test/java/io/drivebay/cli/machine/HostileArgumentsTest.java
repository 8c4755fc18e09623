package io.drivebay.cli.machine;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.cli.Mutations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A machine's command line, right or wrong: it is read, or refused by a {@link BlockException}. */
@Timeout(60)
final class HostileArgumentsTest {
    private static final int MANY = 20_000;

    @Test
    void aCommandLineIsReadOrRefused() {
        Mutations.check(
                MANY,
                List.of(
                        "-machine\npc,accel=qtest,x-qemu-quirks=on\n-m\n64M\n-display\nnone\n-nodefaults",
                        "-M\nnone\n-m\nsize=128\n-uuid\n12345678-1234-1234-1234-123456789abc\n-S\n-no-reboot",
                        "-drive\nif=ide,index=2,media=cdrom,file=/tmp/a.iso,format=raw,throttling.iops-total=10",
                        "-blockdev\n{'driver': 'null-co', 'node-name': 'n'}\n-device\nide-hd,drive=n,bus=ide.0,unit=1",
                        "-global\nide-hd.serial=123\n-qtest\nunix:/tmp/q.sock,server,nowait\n-qtest-log\n/dev/null",
                        "-chardev\nsocket,id=c,path=/tmp/c,server=on,wait=off\n-mon\nchardev=c,mode=control\n-qmp\nstdio"),
                text -> MachineOptions.parse(List.of(text.split("\n", -1))),
                List.of(BlockException.class));
    }

    @Test
    void aDriveIsReadOrRefused() {
        Mutations.check(
                MANY,
                List.of(
                        "if=ide,bus=1,unit=0,media=disk,file=/tmp/a.img,format=raw,cache=none,aio=io_uring,readonly=on",
                        "if=none,id=d,file=json:{'driver': 'null-co',, 'size': 512},werror=stop,rerror=report",
                        "if=virtio,index=3,file=null-co://,throttling.bps-total=1000"),
                text -> MachineOptions.parse(List.of("-drive", text)).drives.forEach(HostileArgumentsTest::drive),
                List.of(Refused.class, BlockException.class));
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(final BlockException cause) {
            super(cause);
        }
    }

    private static void drive(final Map<String, Object> options) {
        try {
            DriveArgument.of(options);
        } catch (final BlockException e) {
            throw new Refused(e);
        }
    }

    @Test
    void aDriveWhoseJsonIsNoneIsRefused() {
        assertThrows(BlockException.class, () -> DriveArgument.of(Map.of("file", "json:{'driver': ")));
    }
}
