package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.request.Operation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The rules of a fault injector, as its options have them. */
record DebugRules(List<ErrorRule> errors, List<StateRule> states, List<DelayRule> delays) {
    private static final int SECTOR_BYTES = 512;
    private static final int EIO = 5;
    private static final int MAX_ERRNO = 4095;

    static DebugRules of(final BlockdevOptions options) throws BlockException {
        final DebugRules rules = new DebugRules(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        final String config = options.text("config");
        if (config != null) {
            final BlockdevOptions file = DebugConfig.read(config);
            rules.add(file);
            file.refuseUnread();
        }
        rules.add(options);
        return rules;
    }

    private void add(final BlockdevOptions options) throws BlockException {
        for (final BlockdevOptions rule : options.list("inject-error")) {
            errors.add(error(rule));
        }
        for (final BlockdevOptions rule : options.list("set-state")) {
            states.add(new StateRule(event(rule), state(rule, "state"), state(rule, "new_state")));
            rule.refuseUnread();
        }
        for (final BlockdevOptions rule : options.list("inject-latency")) {
            delays.add(new DelayRule(when(rule), rule.number("latency-ns", 0)));
            rule.refuseUnread();
        }
    }

    private static ErrorRule error(final BlockdevOptions rule) throws BlockException {
        final long errno = rule.number("errno", EIO);
        if (errno < 1 || errno > MAX_ERRNO) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'errno' must be from 1 to " + MAX_ERRNO);
        }
        final ErrorRule error =
                new ErrorRule(when(rule), (int) errno, rule.flag("once", false), rule.flag("immediately", false));
        rule.refuseUnread();
        return error;
    }

    private static FaultRule when(final BlockdevOptions rule) throws BlockException {
        final boolean anywhere = !rule.has("sector");
        final long sector = rule.number("sector", 0);
        if (sector > Long.MAX_VALUE / SECTOR_BYTES) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'sector' is " + sector + ", beyond any disk");
        }
        final long offset = anywhere ? FaultRule.ANYWHERE : sector * SECTOR_BYTES;
        return new FaultRule(event(rule), state(rule, "state"), operations(rule.text("iotype")), offset);
    }

    private static DebugEvent event(final BlockdevOptions rule) throws BlockException {
        return DebugEvent.named(rule.requiredText("event"));
    }

    private static int state(final BlockdevOptions rule, final String key) throws BlockException {
        final long state = rule.number(key, 0);
        if (state > Integer.MAX_VALUE) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + key + "' is too large: " + state);
        }
        return (int) state;
    }

    private static Set<Operation> operations(final @Nullable String iotype) throws BlockException {
        if (iotype == null) {
            return EnumSet.complementOf(EnumSet.of(Operation.BLOCK_STATUS));
        }
        final StringJoiner known = new StringJoiner(", ");
        for (final Operation operation : EnumSet.allOf(Operation.class)) {
            final String name = operation.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(iotype)) {
                return EnumSet.of(operation);
            }
            known.add(name);
        }
        throw new BlockException(
                Kind.INVALID_OPTION, "option 'iotype' must be one of " + known + ", not '" + iotype + "'");
    }
}
