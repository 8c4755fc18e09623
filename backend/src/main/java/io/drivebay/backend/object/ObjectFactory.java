package io.drivebay.backend.object;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import java.util.Map;

/** Makes objects of one type. Found by {@link java.util.ServiceLoader}, as drivers are. */
public interface ObjectFactory {
    /** The value of {@code qom-type} that asks for this factory. */
    String typeName();

    /** The properties that it knows, beside the id, each with a line that says what it is. */
    Map<String, String> properties();

    /**
     * Makes an object. A control thread; may block.
     *
     * @param id what it will be found by
     * @param properties what is not read is refused by the caller
     * @param others what the object may refer to
     * @throws BlockException INVALID_OPTION, IO or NOT_SUPPORTED; then nothing is left behind
     */
    LayerObject create(String id, BlockdevOptions properties, LayerObjects others) throws BlockException;
}
