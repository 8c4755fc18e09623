package io.drivebay.backend.object;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes {@code secret} objects: from {@code data} or a {@code file}, raw or base64. No refusal repeats what was given. */
public final class SecretFactory implements ObjectFactory {
    /** Longer than any password or key. */
    private static final int MAX_BYTES = 1 << 20;

    private enum Format {
        RAW,
        BASE64
    }

    @Override
    public String typeName() {
        return "secret";
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "data", "what is secret, on the command line, where others may see it",
                "file", "file that holds what is secret",
                "format", "raw or base64 (raw)");
    }

    @Override
    public LayerObject create(final String id, final BlockdevOptions properties, final LayerObjects others)
            throws BlockException {
        final @Nullable String data = data(id, properties);
        final @Nullable String file = properties.text("file");
        final Format format = properties.choice("format", Format.class, Format.RAW);
        if ((data == null) == (file == null)) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "secret '" + id + "' needs one of 'data' and 'file', and not both");
        }
        final byte[] given = file == null ? String.valueOf(data).getBytes(StandardCharsets.UTF_8) : read(id, file);
        return new Secret(format == Format.RAW ? given : decode(id, given));
    }

    private static @Nullable String data(final String id, final BlockdevOptions properties) throws BlockException {
        try {
            return properties.text("data");
        } catch (final BlockException e) { // its message shows the value
            throw new BlockException(Kind.INVALID_OPTION, "'data' of secret '" + id + "' must be a string");
        }
    }

    private static byte[] read(final String id, final String file) throws BlockException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            final byte[] found = in.readNBytes(MAX_BYTES + 1);
            if (found.length > MAX_BYTES) {
                throw new IOException("it is longer than " + MAX_BYTES + " bytes");
            }
            return found;
        } catch (final IOException | InvalidPathException e) {
            throw new BlockException(
                    Kind.IO, "cannot read secret '" + id + "' from " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] decode(final String id, final byte[] text) throws BlockException {
        try {
            final String digits = new String(text, StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return Base64.getDecoder().decode(digits);
        } catch (final IllegalArgumentException e) {
            throw new BlockException(Kind.INVALID_OPTION, "secret '" + id + "' is no base64");
        }
    }
}
