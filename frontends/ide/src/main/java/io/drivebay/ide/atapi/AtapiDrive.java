package io.drivebay.ide.atapi;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Status;
import io.drivebay.ide.device.Activity;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.device.DriveSocket;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.IdeDevice;
import io.drivebay.ide.device.RangeIo;
import io.drivebay.ide.device.StatusBits;
import io.drivebay.ide.media.MediaEffect;
import io.drivebay.ide.media.MediaEvents;
import io.drivebay.ide.media.MediaInput;
import io.drivebay.ide.media.MediaState;
import io.drivebay.ide.media.TransitionTrace;
import java.util.Set;

/**
 * An ATAPI CD/DVD-ROM drive on a backend: packets by programmed I/O and DMA, the MMC commands of a data-only drive.
 *
 * <p>Called under its channel's lock. The medium's side is {@link Medium}, the gate before every packet {@link
 * PacketGate}; this class is the packet state machine between them.
 */
public final class AtapiDrive implements IdeDevice {
    static final int SIGNATURE = 0xeb14;

    private static final int DMA = 1;
    private static final int OVERLAP = 2;
    /** Interrupt reasons in the sector count register: command and direction. */
    private static final int COMMAND = 1;

    private static final int DONE = 3;
    private static final int LARGEST_PIECE = 0xfffe;
    private static final int DIAGNOSTICS_PASSED = 1;

    private final DriveCore core;
    private final DriveSettings settings = new DriveSettings();
    private final Packet packet = new Packet();
    private final Reply reply;
    private final ModePages pages = new ModePages();
    private final SectorFormat format;
    private final Medium medium;
    private final PacketGate gate;
    private final DataIn dataIn;
    private final DataOut dataOut;
    private final BlockVerify verify;
    private final Activity packetArrives = new PacketArrives();
    private final Activity identifyEnds = new IdentifyEnds();
    private final Runnable afterReset = this::afterReset;

    private boolean dma;
    private int pieceLimit;
    private boolean asleep;
    private boolean inReset;
    private boolean tells;

    private AtapiDrive(
            final DriveOptions options,
            final BlockBackend backend,
            final DriveSocket socket,
            final TransitionTrace trace) {
        core = new DriveCore(options, backend, socket);
        reply = new Reply(core.buffer());
        format = new SectorFormat(!options.deviates(Deviation.NO_ERROR_CORRECTION_BYTES));
        medium = new Medium(core, settings, trace);
        gate = new PacketGate(this, medium);
        final RangeIo io = new RangeIo(core.port(), RawSector.USER);
        dataIn = new DataIn(this, format, io);
        dataOut = new DataOut(this);
        verify = new BlockVerify(this, io);
    }

    /**
     * A drive on a backend, with or without a medium, just powered on. A control thread.
     *
     * @throws BlockException IN_USE when the backend has a device, or somebody else writes the medium
     */
    public static AtapiDrive attach(
            final DriveOptions options,
            final BlockBackend backend,
            final DriveSocket socket,
            final TransitionTrace trace)
            throws BlockException {
        final AtapiDrive drive = new AtapiDrive(options, backend, socket, trace);
        try {
            drive.medium.attach();
        } catch (final BlockException e) {
            drive.core.close();
            throw e;
        }
        synchronized (socket.lock()) {
            drive.reset(Reset.POWER_ON);
        }
        return drive;
    }

    /** Gives the backend back after the requests on their way have ended. A control thread. */
    public void detach() throws BlockException {
        core.port().backend().detachDevice();
        core.close();
    }

    // ---- parts, for the commands ----

    @Override
    public DriveCore core() {
        return core;
    }

    DriveSettings settings() {
        return settings;
    }

    Packet packet() {
        return packet;
    }

    Reply reply() {
        return reply;
    }

    ModePages pages() {
        return pages;
    }

    SectorFormat format() {
        return format;
    }

    SenseData sense() {
        return gate.sense();
    }

    Attentions attentions() {
        return medium.attentions();
    }

    MediaEvents events() {
        return medium.events();
    }

    DataIn dataIn() {
        return dataIn;
    }

    DataOut dataOut() {
        return dataOut;
    }

    BlockVerify verify() {
        return verify;
    }

    boolean deviates(final Deviation deviation) {
        return core.options().deviates(deviation);
    }

    /** Where tray, medium and lock are. Any thread. */
    public MediaState mediaState() {
        return medium.state();
    }

    /** Blocks of the medium. */
    long blocks() {
        return core.port().backend().lengthBytes() / RawSector.USER;
    }

    Profile profile() {
        return Profile.of(blocks(), mediaState().ready());
    }

    boolean persistentPrevent() {
        return medium.persistentPrevent();
    }

    void persistentPrevent(final boolean on) {
        medium.persistentPrevent(on);
    }

    /** The guest does something to tray or lock. */
    Set<MediaEffect> media(final MediaInput input) {
        return medium.apply(input);
    }

    Activity identifyEnds() {
        return identifyEnds;
    }

    // ---- the data phase ----

    boolean usesDma() {
        return dma;
    }

    void reason(final int bits) {
        core.registers().count(bits, false);
    }

    /** The byte count limit that came with the packet; 0 for none. */
    int pieceLimit() {
        return pieceLimit;
    }

    /** How many bytes the next piece of programmed I/O has: an odd limit counts only where it covers all the rest. */
    int pieceOf(final long bytesLeft) {
        final int limit = Math.min(pieceLimit, LARGEST_PIECE);
        return bytesLeft <= limit ? (int) bytesLeft : limit > 1 ? limit & ~1 : limit;
    }

    /** Shows the host the reply, cut to what it has room for. */
    void answer(final int allocationBytes) {
        final int bytes = Math.min(reply.length(), allocationBytes);
        if (bytes == 0) {
            succeed();
        } else {
            dataIn.answer(bytes);
        }
    }

    // ---- ends of packets ----

    void succeed() {
        reason(DONE);
        core.end(StatusBits.IDLE);
    }

    void check(final Sense sense) {
        gate.sense().set(sense);
        fail(sense.key() << 4);
    }

    /** ILLEGAL REQUEST about a byte of the packet. */
    void checkField(final int byteInPacket) {
        gate.sense().setField(Sense.INVALID_FIELD, byteInPacket);
        fail(Sense.INVALID_FIELD.key() << 4);
    }

    void checkAt(final Sense sense, final long lba) {
        gate.sense().setAt(sense, lba);
        fail(sense.key() << 4);
    }

    private void fail(final int errorBits) {
        reason(DONE);
        abort(errorBits);
    }

    /** The one place where an I/O error becomes sense data (R16). */
    void failAt(final long lba, final BlockRequest request) {
        final Status status = request.status();
        if (status == Status.NO_MEDIUM || status == Status.MEDIUM_CHANGED) {
            gate.mediumLeft();
        } else if (status == Status.INVALID || deviates(Deviation.READ_ERROR_IS_BAD_ADDRESS)) {
            checkAt(Sense.ADDRESS_OUT_OF_RANGE, lba);
        } else {
            checkAt(Sense.UNRECOVERED_READ, lba);
        }
        core.port().reported();
    }

    /** The descriptor table points to where no memory is. */
    void memoryMissing() {
        core.socket().dma().fail(true);
        abort(ErrorBits.ABRT);
    }

    // ---- ends of ATA commands ----

    void endCommand() {
        core.end(StatusBits.IDLE);
    }

    void abort(final int errorBits) {
        core.registers().error(errorBits);
        core.end(StatusBits.DRDY | StatusBits.ERR);
    }

    void sleep() {
        asleep = true;
        endCommand();
    }

    // ---- packets ----

    /** PACKET: takes the command bytes; DMA and byte count limit come with it (ATA-6 8.24). */
    void beginPacket() {
        if ((core.registers().features() & OVERLAP) != 0) {
            abort(ErrorBits.ABRT);
            return;
        }
        dma = (core.registers().features() & DMA) != 0;
        pieceLimit = core.registers().lbaHigh() << 8 | core.registers().lbaMid();
        reason(COMMAND);
        core.want(packetArrives, 0, Packet.BYTES);
    }

    /** Twelve bytes have come. */
    private final class PacketArrives implements Activity {
        @Override
        public void hostFilled() {
            packet.copyFrom(core.buffer().region());
            medium.beginCause();
            core.port().beginCommand();
            gate.run(packet);
        }
    }

    private final class IdentifyEnds implements Activity {
        @Override
        public void hostDrained() {
            core.endSilently();
        }
    }

    // ---- the channel's side; under the lock ----

    @Override
    public void command(final int opcode) {
        final boolean isReset = (opcode & 0xff) == 0x08;
        if (isReset || (core.idle() && !asleep)) {
            core.beginCommand();
            DriveCommands.run(this, opcode & 0xff);
        }
    }

    @Override
    public void diagnose() {
        tells = true;
        core.cancel(afterReset);
    }

    /** DEVICE RESET: as a soft reset, of this drive alone, and at any time. */
    void deviceReset() {
        startOver();
        inReset = false;
        tells = false;
        core.cancel(afterReset);
    }

    @Override
    public void reset(final Reset kind) {
        inReset = kind == Reset.SOFTWARE_BEGIN;
        core.acknowledge();
        if (kind != Reset.SOFTWARE_END) {
            startOver();
        }
        if (kind == Reset.POWER_ON || kind == Reset.HARDWARE || (inReset && settings.revertOnSoftReset)) {
            settings.revert();
        }
        tells = false;
        core.cancel(afterReset);
    }

    private void startOver() {
        asleep = false;
        medium.beginCause();
        gate.reset();
        medium.reset();
        if (pages.reset() && !deviates(Deviation.QEMU_COMMANDS_ONLY)) {
            medium.attentions().add(Sense.PARAMETERS_CHANGED);
        }
    }

    /** Nothing is on its way any more: shows the signature, unless the reset still goes on. */
    private void afterReset() {
        core.registers().signature(SIGNATURE);
        core.registers().error(DIAGNOSTICS_PASSED);
        if (inReset) {
            core.registers().status(StatusBits.BSY);
        } else if (tells) {
            core.end(0);
        } else {
            core.registers().status(0);
        }
    }
}
