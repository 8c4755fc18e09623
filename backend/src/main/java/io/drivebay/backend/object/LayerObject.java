package io.drivebay.backend.object;

import java.util.Map;

/** Something of a block layer that nodes and exports refer to by an id: what QMP's {@code object-add} makes. */
public interface LayerObject {
    /** True while something holds it that would miss it. Any thread. */
    default boolean inUse() {
        return false;
    }

    /** What a query shows of it, QAPI-spelled; never anything secret. Any thread. */
    default Map<String, Object> describe() {
        return Map.of();
    }

    /** Gives everything back; nothing uses it any more. A control thread; may block. */
    default void close() {}
}
