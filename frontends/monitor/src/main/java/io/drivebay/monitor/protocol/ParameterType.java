package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/** Types of parameters, with QAPI's words for them. */
enum ParameterType {
    STR("string"),
    /** A whole number of 64 bits. */
    INT("integer"),
    BOOL("boolean"),
    LIST("array"),
    OBJECT("object");

    private final String expected;

    ParameterType(final String expected) {
        this.expected = expected;
    }

    String expected() {
        return expected;
    }

    boolean accepts(final JsonNode value) {
        return switch (this) {
            case STR -> value.isTextual();
            case INT -> value.isIntegralNumber() && value.canConvertToLong();
            case BOOL -> value.isBoolean();
            case LIST -> value.isArray();
            case OBJECT -> value.isObject();
        };
    }
}
