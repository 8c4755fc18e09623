package io.drivebay.backend.graph;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What a control operation was refused for. */
public final class Refusals {
    private Refusals() {}

    public static BlockException.Kind kindOf(final Executable action) {
        return assertThrows(BlockException.class, action).kind();
    }

    public static String messageOf(final Executable action) {
        return String.valueOf(assertThrows(BlockException.class, action).getMessage());
    }
}
