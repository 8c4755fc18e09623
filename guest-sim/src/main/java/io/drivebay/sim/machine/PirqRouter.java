package io.drivebay.sim.machine;

import io.drivebay.backend.guest.InterruptLine;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Between a PCI bus's four interrupt lines and an interrupt controller's sixteen: a register for each line says where it
 * goes, as a PIIX3's PIRQRC registers do (Intel 290550, 2.2.4). Any thread.
 */
public final class PirqRouter {
    /** A register's value that routes a line nowhere: bit 7. */
    public static final int DISABLED = 0x80;

    private static final int IRQS = 16;

    private final IntFunction<InterruptLine> irqs;
    private final List<Route> routes;

    /**
     * All lines disabled.
     *
     * @param irqs makes a further source for an input of the interrupt controller, 0 to 15; asked once for each route
     */
    public PirqRouter(final IntFunction<InterruptLine> irqs) {
        this.irqs = irqs;
        this.routes = IntStream.range(0, PciRoot.INTERRUPT_LINES)
                .mapToObj(line -> new Route())
                .toList();
    }

    /** The ends that a {@link PciRoot} drives. */
    public List<InterruptLine> lines() {
        return List.copyOf(routes);
    }

    /** Writes a line's register: {@link #DISABLED}, or the number of the input in the low four bits. */
    public void route(final int line, final int register) {
        routes.get(line).to(register);
    }

    private final class Route implements InterruptLine {
        private final @Nullable InterruptLine[] sources = new InterruptLine[IRQS];
        private @Nullable InterruptLine target;
        private boolean level;

        @Override
        public synchronized void set(final boolean asserted) {
            level = asserted;
            if (target != null) {
                target.set(asserted);
            }
        }

        private synchronized void to(final int register) {
            final InterruptLine before = target;
            target = (register & DISABLED) != 0 ? null : source(register & (IRQS - 1));
            if (before != null && before != target) {
                before.set(false);
            }
            set(level);
        }

        private InterruptLine source(final int irq) {
            InterruptLine source = sources[irq];
            if (source == null) {
                source = irqs.apply(irq);
                sources[irq] = source;
            }
            return source;
        }
    }
}
