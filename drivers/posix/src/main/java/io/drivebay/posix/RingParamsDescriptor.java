package io.drivebay.posix;

/**
 * {@code struct io_uring_params}: 120 bytes, filled in by io_uring_setup.
 *
 * <pre>
 *  0 sq_entries   4 cq_entries   8 flags   12 sq_thread_cpu   16 sq_thread_idle   20 features   24 wq_fd   28 resv[3]
 * 40 sq: head  tail  ring_mask  ring_entries  flags  dropped   array  resv   (offsets into the ring mapping)
 * 80 cq: head  tail  ring_mask  ring_entries  overflow  cqes   flags  resv   (offsets into the ring mapping)
 * </pre>
 */
final class RingParamsDescriptor {
    static final int BYTES = 120;

    static final int SQ_ENTRIES = 0;
    static final int CQ_ENTRIES = 4;
    static final int FLAGS = 8;
    static final int FEATURES = 20;

    static final int SQ_HEAD = 40;
    static final int SQ_TAIL = 44;
    static final int SQ_FLAGS = 56;
    static final int SQ_ARRAY = 64;

    static final int CQ_HEAD = 80;
    static final int CQ_TAIL = 84;
    static final int CQ_OVERFLOW = 96;
    static final int CQ_CQES = 100;

    private RingParamsDescriptor() {}
}
