package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/** Types of parameters, with QAPI's words for them. */
enum ParameterType {
    STR("string", "str"),
    /** A whole number of 64 bits. */
    INT("integer", "int"),
    BOOL("boolean", "bool"),
    LIST("array", "[any]"),
    OBJECT("object", "any");

    private final String expected;
    private final String schemaName;

    ParameterType(final String expected, final String schemaName) {
        this.expected = expected;
        this.schemaName = schemaName;
    }

    /** Its name in {@link Schema}. */
    String schemaName() {
        return schemaName;
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
