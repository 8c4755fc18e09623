package io.drivebay.driver;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.object.IoThread;
import io.drivebay.backend.object.LayerObject;
import io.drivebay.backend.object.LayerObjects;
import io.drivebay.backend.object.ObjectFactory;
import java.util.Map;

/** Makes {@code iothread} objects: contexts with the best I/O that this machine offers. */
public final class IoThreadFactory implements ObjectFactory {
    @Override
    public String typeName() {
        return "iothread";
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("poll-max-ns", "how long it looks for work before it sleeps (" + IoContext.DEFAULT_POLL_NS + ")");
    }

    @Override
    public LayerObject create(final String id, final BlockdevOptions properties, final LayerObjects others)
            throws BlockException {
        final long pollMaxNs = properties.number("poll-max-ns", IoContext.DEFAULT_POLL_NS);
        return new IoThread(Contexts.create(id, pollMaxNs).start(), pollMaxNs);
    }
}
