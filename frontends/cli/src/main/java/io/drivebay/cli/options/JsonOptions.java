package io.drivebay.cli.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/** Options as a JSON object: strings, whole numbers, booleans, lists and nested objects; single quotes are as good. */
final class JsonOptions {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonOptions() {}

    static Map<String, Object> parse(final String text) {
        try {
            return object(MAPPER.readTree(text));
        } catch (final JsonProcessingException e) {
            final String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new TypeConversionException("no valid JSON object: " + problem);
        } catch (final NumberFormatException e) { // Jackson's, of an exponent that no number has
            throw new TypeConversionException("no valid JSON object: a number's exponent is out of range");
        }
    }

    private static Map<String, Object> object(final JsonNode node) {
        final Map<String, Object> members = new LinkedHashMap<>();
        for (final Map.Entry<String, JsonNode> member : node.properties()) {
            members.put(member.getKey(), value(member.getKey(), member.getValue()));
        }
        return members;
    }

    private static Object value(final String key, final JsonNode node) {
        if (node.isObject()) {
            return object(node);
        }
        if (node.isArray()) {
            final List<Object> elements = new ArrayList<>();
            node.forEach(element -> elements.add(value(key, element)));
            return elements;
        }
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        throw new TypeConversionException(
                "'" + key + "' must be a string, a whole number, a boolean, a list or an object, not " + node);
    }
}
