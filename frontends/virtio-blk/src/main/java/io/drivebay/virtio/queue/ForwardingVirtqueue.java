package io.drivebay.virtio.queue;

/** A queue around another one, which does all that a subclass does not do otherwise. */
public abstract class ForwardingVirtqueue implements Virtqueue {
    private final Virtqueue ring;

    /** Forwards to a ring. */
    protected ForwardingVirtqueue(final Virtqueue ring) {
        this.ring = ring;
    }

    @Override
    public int size() {
        return ring.size();
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        return ring.peek(chain);
    }

    @Override
    public int upcoming(final int ahead) {
        return ring.upcoming(ahead);
    }

    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        return ring.peekAgain(id, chain);
    }

    @Override
    public void advance() {
        ring.advance();
    }

    @Override
    public String problem() {
        return ring.problem();
    }

    @Override
    public void suppressNotifications() {
        ring.suppressNotifications();
    }

    @Override
    public boolean enableNotifications() {
        return ring.enableNotifications();
    }

    // ---- the giving end ----

    @Override
    public int used(final int id, final int writtenBytes) {
        return ring.used(id, writtenBytes);
    }

    @Override
    public void publish() {
        ring.publish();
    }

    @Override
    public boolean publishAndAsk() {
        return ring.publishAndAsk();
    }

    // ---- its place ----

    @Override
    public void resumeAt(final int position) {
        ring.resumeAt(position);
    }

    @Override
    public int position() {
        return ring.position();
    }

    @Override
    public int usedPosition() {
        return ring.usedPosition();
    }
}
