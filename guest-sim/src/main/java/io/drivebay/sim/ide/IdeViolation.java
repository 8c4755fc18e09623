package io.drivebay.sim.ide;

/** A drive did what ATA/ATAPI-6 forbids it, or never answered: says what. */
public final class IdeViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public IdeViolation(final String message) {
        super(message);
    }
}
