package io.drivebay.virtio.pci;

/**
 * How a virtio device is put on PCI.
 *
 * @param form which interfaces it has
 * @param vectors how many MSI-X vectors it has; 0 for none, {@link #VECTOR_PER_QUEUE} for one for each queue and one for
 *     the configuration
 * @param configSaysQueueToo true to have a change of the configuration set the ISR status's bit of the queues as well, as
 *     QEMU 7.2 does and the specification (virtio 1.2, 4.1.4.5.1) does not
 */
public record PciOptions(Form form, int vectors, boolean configSaysQueueToo) {
    /** As many vectors as there are events. */
    public static final int VECTOR_PER_QUEUE = -1;

    /** Which interfaces a function has (virtio 1.2, 1.3.1 and 4.1.2). */
    public enum Form {
        /** Virtio 1.0 and later only. */
        MODERN,
        /** Both; the driver's choice. */
        TRANSITIONAL,
        /** What there was before virtio 1.0. */
        LEGACY
    }

    public PciOptions {
        if (vectors < VECTOR_PER_QUEUE) {
            throw new IllegalArgumentException("vectors=" + vectors);
        }
    }

    /** A vector for each event. */
    public static PciOptions of(final Form form) {
        return new PciOptions(form, VECTOR_PER_QUEUE, false);
    }

    public PciOptions withVectors(final int number) {
        return new PciOptions(form, number, configSaysQueueToo);
    }

    public PciOptions withConfigSayingQueueToo(final boolean says) {
        return new PciOptions(form, vectors, says);
    }

    boolean hasLegacy() {
        return form != Form.MODERN;
    }

    boolean hasModern() {
        return form != Form.LEGACY;
    }
}
