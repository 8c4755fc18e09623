package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that shows its child as it is and passes every request on; what extends it looks at some of them first.
 *
 * <p>It takes whatever its child takes and leaves cutting, padding and emulation to the child's node. A filter without
 * a child, one that belongs to an empty drive, has no length.
 */
public class FilterDriver implements BlockDriver {
    /** The usual role of the child, and the option that names it. */
    public static final String FILE = "file";

    private final String driverName;
    private final String role;
    private final boolean readOnly;
    private @Nullable Child file;

    /**
     * A filter that passes everything on.
     *
     * @param role the role under which the child is linked
     * @param child the node below; null when it will come later
     */
    public FilterDriver(final String driverName, final String role, final @Nullable BlockNode child) {
        this.driverName = driverName;
        this.role = role;
        this.readOnly = child != null && child.readOnly();
    }

    @Override
    public final String driverName() {
        return driverName;
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void attached(final BlockNode self) {
        for (final Child link : self.children()) {
            if (link.role().equals(role)) {
                file = link;
            }
        }
        if (file == null) {
            file = self.newChild(role);
        }
    }

    /** The link to the node below. */
    protected final Child file() {
        return Objects.requireNonNull(file, "the filter is not attached yet");
    }

    @Override
    public long length() {
        final BlockNode below = file == null ? null : file.node();
        return below == null ? 0 : below.length();
    }

    @Override
    public boolean inserted() {
        return file != null && file.node() != null;
    }

    @Override
    public boolean supports(final Operation operation) {
        final BlockNode below = file == null ? null : file.node();
        return below != null && below.driver().supports(operation);
    }

    @Override
    public @Nullable MediumLifetime lifetime() {
        final BlockNode below = file == null ? null : file.node();
        return below == null ? null : below.driver().lifetime();
    }

    @Override
    public @Nullable ZoneLayout zones() {
        final BlockNode below = file == null ? null : file.node();
        return below == null ? null : below.driver().zones();
    }

    @Override
    public void start(final BlockRequest request) {
        pass(request);
    }

    /** Gives a request to the child. */
    protected final void pass(final BlockRequest request) {
        file().submit(request);
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        file().requireNode().driver().resize(newLengthBytes);
    }
}
