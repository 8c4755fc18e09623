package io.drivebay.ide.ata;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.MediumProperties;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.DriveSocket;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.IdeDevice;
import io.drivebay.ide.device.RangeIo;
import io.drivebay.ide.device.StatusBits;
import io.drivebay.ide.device.TaskFile;

/**
 * A fixed ATA disk on a backend: command set of ATA/ATAPI-6 with later additions, one command at a time.
 *
 * <p>As an {@link IdeDevice} it is called under its channel's lock; as a {@link BlockDevice} it takes that lock.
 */
public final class AtaDisk implements IdeDevice, BlockDevice {
    /** Size of a sector in bytes. */
    public static final int SECTOR = 512;

    private static final int SIGNATURE = 0;
    private static final int DIAGNOSTICS_PASSED = 0x01;
    private static final int NO_COMMAND = 0x00;

    private final DiskOptions options;
    private final DriveCore core;
    private final DiskSettings settings;
    private final SectorRange range;
    private final PowerState power = new PowerState();
    private final SecurityState security = new SecurityState();
    private final SmartState smart;
    private final MemoryRegion sectorBuffer = MemoryRegion.allocate(SECTOR);

    private final BlockIn blockIn;
    private final BlockOut blockOut;
    private final SectorDma sectorDma;
    private final Verify verify;
    private final SingleRequest single;
    private final BufferTransfer transfer;
    private final Trim trim;
    private final SelfTest selfTest;
    private final Runnable afterReset = this::afterReset;

    private int opcode;
    private int commandBefore = NO_COMMAND;
    private boolean inReset;
    private boolean quiet = true;

    private AtaDisk(final DiskOptions options, final BlockBackend backend, final DriveSocket socket) {
        this.options = options;
        this.core = new DriveCore(options.drive(), backend, socket);
        final long sectors = backend.lengthBytes() / SECTOR;
        this.settings = new DiskSettings(geometryFor(options, sectors), sectors);
        this.range = new SectorRange(core.registers());
        this.smart = new SmartState(backend.context().clock().nanoTime());
        final RangeIo io = new RangeIo(core.port(), SECTOR);
        this.blockIn = new BlockIn(this, io);
        this.blockOut = new BlockOut(this, io);
        this.sectorDma = new SectorDma(this, io);
        this.verify = new Verify(this, io);
        this.single = new SingleRequest(this);
        this.transfer = new BufferTransfer(this);
        this.trim = new Trim(this);
        this.selfTest = new SelfTest(this);
    }

    /**
     * A disk on a backend's medium, just powered on. A control thread.
     *
     * @throws BlockException WRONG_STATE when the backend is empty; IN_USE when the medium is read-only, or something
     *     else writes it (I14)
     */
    public static AtaDisk attach(final DiskOptions options, final BlockBackend backend, final DriveSocket socket)
            throws BlockException {
        if (backend.lengthBytes() < SECTOR) {
            throw new BlockException(
                    BlockException.Kind.WRONG_STATE,
                    "IDE disk '" + options.drive().id() + "' needs a medium of at least one sector in "
                            + backend.describe());
        }
        final AtaDisk disk = new AtaDisk(options, backend, socket);
        try {
            backend.attachDevice(
                    disk,
                    Permission.set(Permission.CONSISTENT_READ, Permission.WRITE),
                    Permission.set(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED, Permission.RESIZE));
        } catch (final BlockException e) {
            disk.core.close();
            throw e;
        }
        synchronized (socket.lock()) {
            disk.reset(Reset.POWER_ON);
        }
        return disk;
    }

    /** Gives the backend back after the requests on their way have ended. A control thread. */
    public void detach() throws BlockException {
        core.port().backend().detachDevice();
        core.close();
    }

    private static Geometry geometryFor(final DiskOptions options, final long sectors) {
        final Geometry chosen = options.geometry();
        return chosen != null ? chosen : Geometry.ofCapacity(sectors);
    }

    // ---- parts, for the commands ----

    DiskOptions options() {
        return options;
    }

    @Override
    public DriveCore core() {
        return core;
    }

    DiskSettings settings() {
        return settings;
    }

    SectorRange range() {
        return range;
    }

    PowerState power() {
        return power;
    }

    SecurityState security() {
        return security;
    }

    SmartState smart() {
        return smart;
    }

    SelfTest selfTest() {
        return selfTest;
    }

    MemoryRegion sectorBuffer() {
        return sectorBuffer;
    }

    BlockIn blockIn() {
        return blockIn;
    }

    BlockOut blockOut() {
        return blockOut;
    }

    SectorDma sectorDma() {
        return sectorDma;
    }

    Verify verify() {
        return verify;
    }

    SingleRequest single() {
        return single;
    }

    BufferTransfer transfer() {
        return transfer;
    }

    long nowNs() {
        return core.port().backend().context().clock().nanoTime();
    }

    /** Sectors that the disk shows. */
    long sectors() {
        return settings.shownSectors;
    }

    Geometry defaultGeometry() {
        return geometryFor(options, settings.shownSectors);
    }

    /** True while the command being carried out is a 48-bit one. */
    boolean extended() {
        final CommandTable.Entry entry = CommandTable.at(opcode);
        return entry != null && entry.has(CommandFlags.EXT);
    }

    /** The command before the one being carried out. */
    int commandBefore() {
        return commandBefore;
    }

    // ---- ends of commands ----

    void succeed() {
        core.end(StatusBits.IDLE);
    }

    void abort() {
        fail(ErrorBits.ABRT);
    }

    void fail(final int errorBits) {
        core.registers().error(errorBits);
        core.end(StatusBits.DRDY | StatusBits.ERR);
    }

    /** The one place where an I/O error becomes what the guest sees: the registers show the sector that failed. */
    void failAt(final long lba, final BlockRequest request) {
        range.endAt(lba);
        final boolean unreadable = request.operation() == Operation.READ && request.status() == Status.IO_ERROR;
        if (unreadable) {
            smart.uncorrectable();
        }
        fail(errorOf(request, unreadable));
        smart.errors.add(opcode, core.registers(), lba, smart.powerOnHours(nowNs()));
        core.port().reported();
    }

    private int errorOf(final BlockRequest request, final boolean unreadable) {
        if (unreadable && !options.drive().deviates(Deviation.READ_ERROR_IS_ABORT)) {
            return ErrorBits.UNC;
        }
        return request.status() == Status.READ_ONLY ? ErrorBits.WP | ErrorBits.ABRT : ErrorBits.ABRT;
    }

    static void trim(final AtaDisk disk) {
        final TaskFile registers = disk.core.registers();
        final boolean isShort = disk.options.drive().deviates(Deviation.SHORT_TRIM_REGISTERS);
        final int blocks = isShort ? registers.count() : registers.longCount();
        final boolean isTrim = (isShort ? registers.features() : registers.longFeatures()) == 1;
        if (disk.options.trim() == DiskOptions.Trim.OFF || !isTrim || blocks == 0 || blocks > Trim.MAX_BLOCKS) {
            disk.abort();
        } else {
            disk.trim.begin(blocks);
        }
    }

    // ---- the channel's side; under the lock ----

    @Override
    public void command(final int newOpcode) {
        final long nowNs = nowNs();
        if (!core.idle() || power.mode(nowNs) == PowerState.Mode.SLEEP) {
            return;
        }
        core.beginCommand();
        commandBefore = opcode;
        opcode = newOpcode & 0xff;
        final CommandTable.Entry entry = CommandTable.at(opcode);
        final int refusal = entry == null ? ErrorBits.ABRT : refusal(entry);
        if (entry == null || refusal != 0) {
            fail(refusal);
            return;
        }
        if (entry.has(CommandFlags.MEDIUM)) {
            power.mode(PowerState.Mode.ACTIVE, nowNs);
        }
        entry.handler().run(this);
    }

    /** The error bits of the first precondition that does not hold; 0 when all do. */
    private int refusal(final CommandTable.Entry entry) {
        if ((entry.has(CommandFlags.UNLOCKED) && security.locked())
                || (entry.has(CommandFlags.THAWED) && security.frozen())
                || (entry.has(CommandFlags.MULTIPLE) && settings.multiple == 0)
                || (entry.has(CommandFlags.AFTER_NATIVE_MAX) && !afterNativeMax(entry))
                || (entry.has(CommandFlags.SMART) && !smartSigned())) {
            return ErrorBits.ABRT;
        }
        if (entry.has(CommandFlags.RANGE)) {
            if (!range.decode(entry.has(CommandFlags.EXT), settings.translation)) {
                return ErrorBits.IDNF;
            }
            return range.within(settings.shownSectors) ? 0 : ErrorBits.ABRT;
        }
        return 0;
    }

    private boolean afterNativeMax(final CommandTable.Entry entry) {
        return commandBefore == (entry.has(CommandFlags.EXT) ? 0x27 : 0xf8);
    }

    private boolean smartSigned() {
        return (core.registers().lbaHigh() << 8 | core.registers().lbaMid()) == SmartCommands.SIGNATURE;
    }

    @Override
    public void diagnose() {
        quiet = false;
        core.cancel(afterReset);
    }

    @Override
    public void reset(final Reset kind) {
        inReset = kind == Reset.SOFTWARE_BEGIN;
        core.acknowledge();
        if (kind != Reset.SOFTWARE_END) {
            selfTest.stop(SelfTestLog.INTERRUPTED);
            commandBefore = NO_COMMAND;
            opcode = NO_COMMAND;
        }
        if (power.mode(nowNs()) == PowerState.Mode.SLEEP) {
            power.mode(PowerState.Mode.STANDBY, nowNs());
        }
        if (kind == Reset.SOFTWARE_BEGIN && settings.revertOnSoftReset) {
            settings.revert(defaultGeometry());
        }
        if (kind == Reset.POWER_ON || kind == Reset.HARDWARE) {
            settings.revert(defaultGeometry());
            security.powerOn();
            power.powerOn();
        }
        if (kind == Reset.POWER_ON) {
            smart.powerOn();
            settings.shownSectors = settings.shownAfterPowerOn;
            settings.maxWasSet = false;
        }
        quiet = true;
        core.cancel(afterReset);
    }

    /** Nothing is on its way any more: shows the signature, unless the reset still goes on. */
    private void afterReset() {
        core.registers().signature(SIGNATURE);
        core.registers().error(DIAGNOSTICS_PASSED);
        if (inReset) {
            core.registers().status(StatusBits.BSY);
        } else if (quiet) {
            core.registers().status(StatusBits.IDLE);
        } else {
            core.end(StatusBits.IDLE);
        }
    }

    // ---- the backend's side ----

    @Override
    public String id() {
        return options.drive().id();
    }

    @Override
    public void checkMedium(final MediumProperties medium) throws BlockException {
        if (medium.readOnly() || medium.lengthBytes() < SECTOR) {
            throw new BlockException(
                    BlockException.Kind.WRONG_STATE,
                    "IDE disk '" + id() + "' cannot become read-only or empty; give it a writable medium");
        }
    }

    @Override
    public void mediumChanged(final boolean loaded) {
        resized();
    }

    @Override
    public void resized() {
        synchronized (core.socket().lock()) {
            settings.capacity(core.port().backend().lengthBytes() / SECTOR);
        }
    }

    @Override
    public void runStateChanged(final boolean running) {
        core.runStateChanged(running);
    }

    @Override
    public void drainBegin() {
        core.drainBegin();
    }

    @Override
    public void drainEnd() {
        core.drainEnd();
    }
}
