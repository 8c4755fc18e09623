package io.drivebay.backend.object;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A password or key by an id: QAPI's {@code secret}. No query, log line or message shows it. */
public final class Secret implements LayerObject {
    private final byte[] bytes;

    Secret(final byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** A copy of what is secret. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** What is secret, as text. */
    public char[] characters() {
        return new String(bytes, StandardCharsets.UTF_8).toCharArray();
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
