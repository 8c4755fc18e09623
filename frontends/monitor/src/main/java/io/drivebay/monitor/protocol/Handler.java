package io.drivebay.monitor.protocol;

import io.drivebay.backend.graph.BlockException;
import java.util.Map;

/** Carries out a command. */
@FunctionalInterface
public interface Handler {
    /** What a command without a result returns. */
    Object NOTHING = Map.of();

    /**
     * Carries the command out. One command runs at a time; may block.
     *
     * @return what is to be sent back, in maps, lists, strings, numbers and booleans, or {@link Last}
     */
    Object run(Arguments arguments) throws BlockException, QmpException;

    /**
     * A result after whose sending something is to be done, such as ending the process.
     *
     * @param value the result
     * @param after what is to be done
     */
    record Last(Object value, Runnable after) {}
}
