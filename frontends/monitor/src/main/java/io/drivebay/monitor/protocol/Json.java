package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as QMP has it: names once per object, strings in double or single quotes, limits on everything; ASCII where it is
 * written.
 */
public final class Json {
    /** The deepest nesting of a message. */
    static final int MAX_DEPTH = 128;

    private static final int MAX_NUMBER_DIGITS = 400;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_DIGITS)
                            .maxStringLength(MessageSplitter.MAX_BYTES)
                            .maxNameLength(MessageSplitter.MAX_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /**
     * Reads one value.
     *
     * @throws QmpException when it is not one
     */
    public static JsonNode parse(final byte[] bytes, final int length) throws QmpException {
        try {
            return MAPPER.readTree(bytes, 0, length);
        } catch (final JsonProcessingException e) {
            throw new QmpException("JSON parse error, "
                    + e.getOriginalMessage().lines().findFirst().orElse("unreadable"));
        } catch (final IOException e) {
            throw new QmpException("JSON parse error, " + e.getMessage());
        } catch (final NumberFormatException e) {
            throw new QmpException("JSON parse error, a number's exponent is out of range");
        }
    }

    /** Reads one value that stands in a string, such as an image's {@code json:} name. */
    public static JsonNode parse(final String text) throws QmpException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, bytes.length);
    }

    /** A message with the line's end that QMP has. */
    static byte[] line(final Object value) {
        try {
            final byte[] json = MAPPER.writeValueAsBytes(value);
            final byte[] line = Arrays.copyOf(json, json.length + 2);
            line[json.length] = '\r';
            line[json.length + 1] = '\n';
            return line;
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
        }
    }

    /** A value as text on one line. */
    public static String text(final Object value) {
        return new String(line(value), StandardCharsets.UTF_8).strip();
    }

    /**
     * An object's members as strings, numbers, booleans, lists and maps.
     *
     * @throws QmpException for a null, or a number beyond 64 bits
     */
    public static Map<String, Object> members(final JsonNode object) throws QmpException {
        final Map<String, Object> members = new LinkedHashMap<>();
        for (final Map.Entry<String, JsonNode> member : object.properties()) {
            members.put(member.getKey(), plain(member.getKey(), member.getValue()));
        }
        return members;
    }

    private static Object plain(final String key, final JsonNode value) throws QmpException {
        if (value.isObject()) {
            return members(value);
        }
        if (value.isArray()) {
            final List<Object> elements = new ArrayList<>();
            for (final JsonNode element : value) {
                elements.add(plain(key, element));
            }
            return elements;
        }
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        throw new QmpException("Invalid parameter type for '" + key + "'");
    }
}
