package io.drivebay.perf.result;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results as JSON. */
public final class ResultFiles {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .defaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ResultFiles() {}

    /** The JSON text of a result, ending in a line feed. */
    public static String toJson(final BenchResult result) {
        try {
            return MAPPER.writeValueAsString(result) + "\n";
        } catch (final JsonProcessingException e) {
            throw new IllegalStateException("a result that JSON cannot express", e);
        }
    }

    /** Writes a result to a file, replacing what is there. */
    public static void write(final BenchResult result, final Path file) throws IOException {
        Files.writeString(file, toJson(result));
    }

    /**
     * Reads a result.
     *
     * @throws IOException when there is no such file, or it holds no result of this version; says which file
     */
    public static BenchResult read(final Path file) throws IOException {
        try {
            return fromJson(Files.readString(file));
        } catch (final IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The result that a JSON text holds.
     *
     * @throws IllegalArgumentException when it holds none of this version
     */
    public static BenchResult fromJson(final String json) {
        try {
            final JsonNode tree = MAPPER.readTree(json);
            if (!BenchResult.FORMAT.equals(tree.path("format").asText())) {
                throw new IllegalArgumentException("not a result of drivebay bench");
            }
            final int version = tree.path("version").asInt();
            if (version != BenchResult.VERSION) {
                throw new IllegalArgumentException(
                        "a result of schema version " + version + "; this program reads " + BenchResult.VERSION);
            }
            final BenchResult result = MAPPER.treeToValue(tree, BenchResult.class);
            result.operations().values().forEach(OperationResult::decodeHistogram);
            return result;
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException("not a result of drivebay bench: " + e.getOriginalMessage(), e);
        }
    }
}
