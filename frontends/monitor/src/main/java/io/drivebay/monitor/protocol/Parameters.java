package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What arguments a command takes. Written as a line: {@code node-name:str size:int force:bool?}, where a question mark
 * stands behind what may be left out, and {@code ...} at the end lets members pass that are checked elsewhere.
 */
final class Parameters {
    private static final String OPEN = "...";

    record Parameter(String name, ParameterType type, boolean optional) {}

    private final List<Parameter> declared = new ArrayList<>();
    private final boolean open;

    Parameters(final String line) {
        boolean isOpen = false;
        for (final String word : line.isEmpty() ? new String[0] : line.split(" ", -1)) {
            if (word.equals(OPEN)) {
                isOpen = true;
            } else {
                declared.add(parameter(word));
            }
        }
        open = isOpen;
    }

    private static Parameter parameter(final String word) {
        final int colon = word.indexOf(':');
        final boolean optional = word.endsWith("?");
        final String type = word.substring(colon + 1, word.length() - (optional ? 1 : 0));
        return new Parameter(word.substring(0, colon), ParameterType.valueOf(type.toUpperCase(Locale.ROOT)), optional);
    }

    /** Those that are declared, in order; without what dots let pass. */
    List<Parameter> declared() {
        return declared;
    }

    /**
     * Checks arguments: first that all are there and of their types, then that there are no others.
     *
     * @throws QmpException naming the first that is wrong
     */
    Arguments check(final ObjectNode given) throws QmpException {
        for (final Parameter parameter : declared) {
            final JsonNode value = given.get(parameter.name());
            if (value == null && !parameter.optional()) {
                throw new QmpException("Parameter '" + parameter.name() + "' is missing");
            }
            if (value != null && !parameter.type().accepts(value)) {
                throw new QmpException("Invalid parameter type for '" + parameter.name() + "', expected: "
                        + parameter.type().expected());
            }
        }
        if (!open) {
            refuseUnknown(given);
        }
        return new Arguments(given);
    }

    private void refuseUnknown(final ObjectNode given) throws QmpException {
        for (final String name : (Iterable<String>) given::fieldNames) {
            if (declared.stream().noneMatch(parameter -> parameter.name().equals(name))) {
                throw new QmpException("Parameter '" + name + "' is unexpected");
            }
        }
    }
}
