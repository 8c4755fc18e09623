package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.options.KeyValues;
import io.drivebay.sim.pc.PcMachine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of {@code -boot} firmware is told by files of its configuration device; the order of disks is none of it.
 *
 * @param failWait milliseconds to wait before a start that failed is repeated; -1 never to repeat it
 * @param menuWait milliseconds for which a menu is shown; null for as long as the firmware thinks fit
 */
record BootOptions(int failWait, @Nullable Integer menuWait) {
    static final BootOptions NONE = new BootOptions(-1, null);

    private static final int MOST_MS = 0xffff;
    private static final List<String> WITHOUT_EFFECT = List.of("order", "once", "menu", "splash", "strict");

    /**
     * Reads the option's value.
     *
     * @throws BlockException INVALID_OPTION when it makes no sense
     */
    static BootOptions parse(final String text) throws BlockException {
        final BlockdevOptions options = new BlockdevOptions(KeyValues.parse(text, "order"));
        for (final String key : WITHOUT_EFFECT) {
            options.text(key);
        }
        final boolean never = "-1".equals(options.text("reboot-timeout"));
        final int failWait = never ? -1 : milliseconds(options, "reboot-timeout", -1);
        final Integer menuWait = options.has("splash-time") ? milliseconds(options, "splash-time", 0) : null;
        options.refuseUnread();
        return new BootOptions(failWait, menuWait);
    }

    private static int milliseconds(final BlockdevOptions options, final String key, final int usual)
            throws BlockException {
        final long value = options.number(key, usual);
        if (value > MOST_MS) {
            throw new BlockException(Kind.INVALID_OPTION, "-boot: " + key + "=" + value + " is beyond " + MOST_MS);
        }
        return (int) value;
    }

    /** Tells a machine's firmware. */
    void tell(final PcMachine machine) {
        machine.firmwareFile(
                "etc/boot-fail-wait", little(Integer.BYTES).putInt(failWait).array());
        if (menuWait != null) {
            machine.firmwareFile(
                    "etc/boot-menu-wait",
                    little(Short.BYTES).putShort(menuWait.shortValue()).array());
        }
    }

    private static ByteBuffer little(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
