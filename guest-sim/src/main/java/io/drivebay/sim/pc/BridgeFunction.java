package io.drivebay.sim.pc;

import io.drivebay.backend.guest.pci.PciFunction;
import io.drivebay.backend.guest.pci.PciHeader;
import io.drivebay.backend.guest.pci.PciIdentity;
import io.drivebay.sim.machine.PciRoot;
import io.drivebay.sim.machine.PirqRouter;

/**
 * One of the chipset's bridges: a configuration space with the values that it has after a reset. Registers from 0x40 on
 * are storage, as in QEMU; only the ISA bridge's interrupt routes have an effect.
 */
final class BridgeFunction implements PciFunction {
    private static final int INTEL = 0x8086;
    private static final int STATUS = 0x06;
    private static final int FIRST_OWN = 0x40;
    private static final int FAST = 0x0200;
    private static final int ROUTES = 0x60;

    private final PciHeader header;

    private BridgeFunction(final int deviceId, final int revision, final int classCode) {
        header = new PciHeader(
                new PciIdentity(INTEL, deviceId, revision, classCode, 0, 0),
                PciHeader.IO_ENABLE | PciHeader.MEMORY_ENABLE | PciHeader.MASTER_ENABLE);
        for (int at = FIRST_OWN; at < PciHeader.BYTES; at++) {
            header.registers().field(at, 1, 0, 0xff);
        }
    }

    private BridgeFunction with(final int offset, final int value) {
        header.registers().field(offset, 1, value, 0xff);
        return this;
    }

    /** 82441FX, 00:00.0. */
    static BridgeFunction hostBridge() {
        return new BridgeFunction(0x1237, 2, 0x06_00_00).with(0x57, 0x10).with(0x72, 0x02);
    }

    /** 82371SB function 0, 00:01.0, which routes PCI's interrupts. */
    static BridgeFunction isaBridge(final PirqRouter router) {
        final BridgeFunction bridge = new BridgeFunction(0x7000, 0, 0x06_01_00)
                .with(0x4c, 0x4d)
                .with(0x4e, 0x03)
                .with(0x69, 0x02)
                .with(0x70, 0x80)
                .with(0x76, 0x0c)
                .with(0x77, 0x0c)
                .with(0x78, 0x02)
                .with(0xa0, 0x08)
                .with(0xa8, 0x0f);
        for (int i = 0; i < PciRoot.INTERRUPT_LINES; i++) {
            bridge.with(ROUTES + i, PirqRouter.DISABLED);
        }
        final PciHeader header = bridge.header;
        header.multifunction();
        header.registers().field(STATUS, 2, FAST, 0);
        header.onChange(() -> {
            for (int i = 0; i < PciRoot.INTERRUPT_LINES; i++) {
                router.route(i, header.read(ROUTES + i, 1));
            }
        });
        return bridge;
    }

    @Override
    public PciHeader header() {
        return header;
    }

    @Override
    public void reset() {
        header.reset();
    }
}
