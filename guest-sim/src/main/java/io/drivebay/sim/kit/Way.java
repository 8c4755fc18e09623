package io.drivebay.sim.kit;

/** How a guest reads or writes. */
public enum Way {
    /** By programmed I/O, a sector or what a byte count limit allows at a time. */
    PIO,
    /** By programmed I/O, several sectors at a time; disks only. */
    MULTIPLE,
    /** By DMA. */
    DMA,
    /** READ(12); CD drives only. */
    READ12,
    /** READ CD of whole sectors; CD drives only. */
    RAW
}
