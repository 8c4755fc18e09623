package io.drivebay.backend.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerObjectsTest {
    private static final byte[] OPEN_SESAME = "open sesame".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private final LayerObjects objects = new LayerObjects(context -> false);

    private void add(final Map<String, Object> properties) throws BlockException {
        objects.add(properties);
    }

    private BlockException refusal(final Map<String, Object> options) {
        return assertThrows(BlockException.class, () -> add(options));
    }

    private byte[] secret(final String id) throws BlockException {
        return objects.need(id, Secret.class).bytes();
    }

    @Test
    void aSecretIsGivenAsItIsOrInBase64OnTheCommandLineOrInAFile() throws BlockException, IOException {
        final Path raw = Files.write(folder.resolve("raw"), OPEN_SESAME);
        final Path wrapped = Files.writeString(folder.resolve("base64"), "b3BlbiBz\nZXNhbWU=\n");

        add(Map.of("qom-type", "secret", "id", "a", "data", "open sesame"));
        add(Map.of("qom-type", "secret", "id", "b", "data", "b3BlbiBzZXNhbWU=", "format", "base64"));
        add(Map.of("qom-type", "secret", "id", "c", "file", raw.toString()));
        add(Map.of("qom-type", "secret", "id", "d", "file", wrapped.toString(), "format", "base64"));

        assertArrayEquals(OPEN_SESAME, secret("a"));
        assertArrayEquals(OPEN_SESAME, secret("b"));
        assertArrayEquals(OPEN_SESAME, secret("c"));
        assertArrayEquals(OPEN_SESAME, secret("d"));
    }

    @Test
    void nothingShowsASecret() throws BlockException {
        add(Map.of("qom-type", "secret", "id", "s", "data", "sesame"));

        final List<String> said = List.of(
                objects.describe().toString(),
                objects.need("s", Secret.class).toString(),
                message(Map.of("qom-type", "secret", "id", "t", "data", "sesame!", "format", "base64")),
                message(Map.of("qom-type", "secret", "id", "t", "data", "sesame", "file", "f")),
                message(Map.of("qom-type", "secret", "id", "t", "data", List.of("sesame"))),
                message(Map.of("qom-type", "secret", "id", "t", "data", "sesame", "keyid", "k")));

        assertFalse(said.toString().contains("sesame"), said::toString);
    }

    private String message(final Map<String, Object> options) {
        return String.valueOf(refusal(options).getMessage());
    }

    @Test
    void aSecretNeedsOneSource() {
        assertEquals(
                Kind.INVALID_OPTION,
                refusal(Map.of("qom-type", "secret", "id", "s")).kind());
        assertEquals(
                Kind.IO,
                refusal(Map.of(
                                "qom-type",
                                "secret",
                                "id",
                                "s",
                                "file",
                                folder.resolve("none").toString()))
                        .kind());
    }

    @Test
    void whatIsRefusedLeavesNothingBehind() throws BlockException {
        final BlockException refused = refusal(Map.of("qom-type", "secret", "id", "s", "data", "x", "colour", "red"));

        assertTrue(String.valueOf(refused.getMessage()).contains("'colour'"), refused::getMessage);
        assertNull(objects.find("s", Secret.class));
        add(Map.of("qom-type", "secret", "id", "s", "data", "x"));
    }

    @Test
    void idsAreWellFormedAndUnique() throws BlockException {
        add(Map.of("qom-type", "secret", "id", "s", "data", "x"));

        assertEquals(
                Kind.BAD_NAME,
                refusal(Map.of("qom-type", "secret", "id", "s", "data", "x")).kind());
        assertEquals(
                Kind.BAD_NAME,
                refusal(Map.of("qom-type", "secret", "id", "1s", "data", "x")).kind());
        assertEquals(
                Kind.INVALID_OPTION,
                refusal(Map.of("qom-type", "secret", "data", "x")).kind());
        assertEquals(
                Kind.INVALID_OPTION,
                refusal(Map.of("qom-type", "teapot", "id", "t")).kind());
    }

    @Test
    void anObjectOfAnotherTypeDoesNotServe() throws BlockException {
        add(Map.of("qom-type", "secret", "id", "s", "data", "x"));

        final BlockException refused = assertThrows(BlockException.class, () -> objects.need("s", IoThread.class));

        assertEquals(Kind.INVALID_OPTION, refused.kind());
    }

    @Test
    void aDeletedObjectIsFoundNoMore() throws BlockException {
        add(Map.of("qom-type", "secret", "id", "s", "data", "x"));

        objects.delete("s");

        assertNull(objects.find("s", Secret.class));
        assertEquals(
                Kind.NOT_FOUND,
                assertThrows(BlockException.class, () -> objects.delete("s")).kind());
    }
}
