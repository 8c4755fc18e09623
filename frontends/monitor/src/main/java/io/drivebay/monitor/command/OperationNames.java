package io.drivebay.monitor.command;

import io.drivebay.backend.request.Operation;
import java.util.List;

/** What QAPI calls operations in statistics; writing zeros counts as writing, as in QEMU. */
enum OperationNames {
    RD("rd", "read"),
    WR("wr", "write"),
    FLUSH("flush", "flush"),
    UNMAP("unmap", "unmap");

    private final String prefix;
    private final String word;

    OperationNames(final String prefix, final String word) {
        this.prefix = prefix;
        this.word = word;
    }

    /** Before the underscore in BlockDeviceStats. */
    String prefix() {
        return prefix;
    }

    /** In parameters. */
    String word() {
        return word;
    }

    List<Operation> operations() {
        return switch (this) {
            case RD -> List.of(Operation.READ);
            case WR -> List.of(Operation.WRITE, Operation.WRITE_ZEROES);
            case FLUSH -> List.of(Operation.FLUSH);
            case UNMAP -> List.of(Operation.DISCARD);
        };
    }
}
