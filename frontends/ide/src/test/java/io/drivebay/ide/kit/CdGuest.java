package io.drivebay.ide.kit;

import static io.drivebay.ide.kit.PcGuest.BASE;
import static io.drivebay.ide.kit.PcGuest.BUFFER;

import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.DriveAddress;
import io.drivebay.backend.MediaControl;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.ide.atapi.AtapiDrive;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.Transition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A machine with a CD drive, a guest that sends it packets, and the host's hand on its tray. */
public final class CdGuest {
    /** What a packet came to: status, error register, and data by programmed I/O. */
    public static final class Outcome {
        private final int status;
        private final int error;
        private final byte[] data;

        Outcome(final int status, final int error, final byte[] data) {
            this.status = status;
            this.error = error;
            this.data = data;
        }

        public int status() {
            return status;
        }

        public int error() {
            return error;
        }

        public byte[] data() {
            return data.clone();
        }

        public boolean ok() {
            return (status & 1) == 0;
        }

        public int at(final int index) {
            return data[index] & 0xff;
        }
    }

    private static final DriveAddress CD = DriveAddress.ofDevice("cd0");

    public final Host host;
    public final PcGuest pc;
    public final AtapiDrive drive;
    public final List<Boolean> trayEvents = new ArrayList<>();
    public final List<Transition> trace = new ArrayList<>();
    public int byteCountLimit = 0xfffe;

    private final MediaControl control;
    private int nodes;

    public CdGuest(final Host host, final Set<Deviation> deviations) {
        this.host = host;
        this.pc = new PcGuest(host, deviations);
        this.control = new MediaControl(host.layer, new Blockdevs(host.layer, List.of(new Tagged())));
        host.layer.addListener((backend, device, open) -> trayEvents.add(open));
        try {
            drive = AtapiDrive.attach(
                    DriveOptions.of("cd0").withDeviations(deviations), host.backend, pc.primary.socket(0), trace::add);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
        pc.primary.plug(0, drive);
        host.run();
        trace.clear();
    }

    /** Opens a disc whose blocks carry a tag. */
    private static final class Tagged implements DriverFactory {
        @Override
        public String driverName() {
            return "tagged";
        }

        @Override
        public BlockDriver open(final BlockdevOptions options, final OpenScope scope) {
            return FaultyDisk.tagged(1 << 20, 0xbb);
        }
    }

    /** A host's action on tray or medium. */
    @FunctionalInterface
    public interface HostAction {
        void run(MediaControl control, DriveAddress drive) throws BlockException;
    }

    /** The host does something; what it is refused with, or null. */
    public BlockException.@org.jspecify.annotations.Nullable Kind host(final HostAction action) {
        try {
            action.run(control, CD);
            return null;
        } catch (final BlockException e) {
            return e.kind();
        }
    }

    /** Puts a disc into the open tray. */
    public void insert(final FaultyDisk disc) {
        final String name = "disc" + nodes++;
        host((media, cd) -> {
            host.layer.addNode(name, host.context, NodeOptions.DEFAULTS, disc, Map.of());
            media.insertMedium(cd, name);
        });
    }

    /** change-medium to a disc with the tag BB. */
    public BlockException.@org.jspecify.annotations.Nullable Kind change(final boolean force) {
        return host((media, cd) ->
                media.changeMedium(cd, Map.of("driver", "tagged"), MediaControl.ReadOnlyMode.RETAIN, force));
    }

    // ---- the guest ----

    /** Sends the command and the twelve bytes, and lets the host work. */
    public void send(final boolean dma, final int... bytes) {
        pc.out(BASE + 6, 0xa0);
        pc.out(BASE + 1, dma ? 1 : 0);
        pc.out(BASE + 4, byteCountLimit);
        pc.out(BASE + 5, byteCountLimit >> 8);
        pc.out(BASE + 7, 0xa0);
        final int[] cdb = Arrays.copyOf(bytes, 12);
        for (int i = 0; i < 12; i += 2) {
            pc.out16(BASE, cdb[i] | cdb[i + 1] << 8);
        }
        host.run();
    }

    /** A packet by programmed I/O, to its end. */
    public Outcome packet(final int... bytes) {
        send(false, bytes);
        return finish();
    }

    /** Takes the data of a packet, to its end. */
    public Outcome finish() {
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        int status = pc.status();
        while ((status & 0x88) == 0x08) {
            takePiece(data);
            host.run();
            status = pc.status();
        }
        return new Outcome(status, pc.in(BASE + 1), data.toByteArray());
    }

    private void takePiece(final ByteArrayOutputStream data) {
        final int piece = pc.in(BASE + 4) | pc.in(BASE + 5) << 8;
        for (int i = 0; i < piece; i += 2) {
            final int word = pc.in16(BASE);
            data.write(word);
            if (i + 1 < piece) {
                data.write(word >> 8);
            }
        }
    }

    /** A packet by DMA into a buffer of some bytes. */
    public Outcome dma(final int bufferBytes, final int... bytes) {
        pc.descriptor(0, BUFFER, bufferBytes, true);
        send(true, bytes);
        if ((pc.in(PcGuest.CONTROL) & 0x08) != 0) {
            pc.startMaster(true);
        }
        final int status = pc.status();
        final byte[] data = new byte[bufferBytes];
        pc.ram.getBytes(BUFFER, data, 0, bufferBytes);
        final Outcome outcome = new Outcome(status, pc.in(BASE + 1), data);
        pc.out(PcGuest.MASTER, 0);
        return outcome;
    }

    /** Key, code and qualifier of REQUEST SENSE. */
    public String sense() {
        final Outcome sense = packet(0x03, 0, 0, 0, 18);
        return String.format("%x/%02x/%02x", sense.at(2) & 15, sense.at(12), sense.at(13));
    }

    /** TEST UNIT READY: "ok", or the sense that follows a failure. */
    public String ready() {
        return packet(0x00).ok() ? "ok" : sense();
    }

    /** GET EVENT STATUS NOTIFICATION for media: event and status. */
    public String event() {
        final Outcome event = packet(0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8);
        return event.at(4) + " " + event.at(5);
    }

    /** The tag of a block. */
    public int tagOf(final int lba) {
        return packet(0x28, 0, 0, 0, 0, lba, 0, 0, 1).at(2);
    }
}
