package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.cli.machine.MachineArguments.Argument;
import java.util.LinkedHashMap;
import java.util.Map;

/** Properties that all devices of a kind have unless they say otherwise: {@code -global ide-hd.serial=123}. */
final class Globals {
    private final Map<String, Map<String, Object>> byDriver = new LinkedHashMap<>();

    /**
     * Adds one.
     *
     * @throws BlockException INVALID_OPTION when it is not driver.property=value
     */
    void add(final Argument argument) throws BlockException {
        final String text = argument.value();
        final int equals = text.indexOf('=');
        final int dot = text.lastIndexOf('.', Math.max(0, equals));
        if (equals < 0 || dot <= 0) {
            throw argument.refusal("this is not driver.property=value");
        }
        byDriver.computeIfAbsent(text.substring(0, dot), driver -> new LinkedHashMap<>())
                .put(text.substring(dot + 1, equals), text.substring(equals + 1));
    }

    /** A device's own properties, and the global ones of its kind that it does not set itself. */
    Map<String, Object> with(final String driver, final Map<String, ? extends Object> own) {
        final Map<String, Object> all = new LinkedHashMap<>(byDriver.getOrDefault(driver, Map.of()));
        all.putAll(own);
        return all;
    }
}
