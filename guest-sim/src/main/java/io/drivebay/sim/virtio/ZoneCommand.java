package io.drivebay.sim.virtio;

/** Commands to a zone, and to all (virtio 1.3, section 5.2.6). */
public enum ZoneCommand {
    OPEN(18),
    CLOSE(20),
    FINISH(22),
    RESET(24),
    RESET_ALL(26);

    private final int type;

    ZoneCommand(final int type) {
        this.type = type;
    }

    int type() {
        return type;
    }
}
