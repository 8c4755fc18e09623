package io.drivebay.virtio.queue;

/** A driver described a virtqueue that cannot be: a wrong size, misaligned, or outside its memory. */
public final class BadRingException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadRingException(final String message) {
        super(message);
    }
}
