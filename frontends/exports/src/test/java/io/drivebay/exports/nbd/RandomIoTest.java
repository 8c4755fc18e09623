package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random commands against an export and against an array must leave the same content, whatever the order. */
@Timeout(60)
final class RandomIoTest {
    private static final int STEPS = 400;
    private static final int MOST = 200_000;

    private final byte[] model = new byte[(int) Served.SIZE];

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void anExportBehavesLikeAnArray(final long seed) throws Exception {
        final Random random = new Random(seed);
        try (Served served = new Served().with("disk");
                RawClient client = served.connect()) {
            client.simple("disk");
            for (int i = 0; i < STEPS; i++) {
                final int offset = random.nextInt(model.length - MOST);
                final int length = 1 + random.nextInt(random.nextBoolean() ? 5000 : MOST);
                switch (random.nextInt(3)) {
                    case 0 -> write(client, random, offset, length);
                    case 1 -> zero(client, offset, length);
                    default -> read(client, offset, length);
                }
            }
            read(client, 0, model.length);
        }
    }

    private void write(final RawClient client, final Random random, final int offset, final int length)
            throws IOException {
        final byte[] data = new byte[length];
        random.nextBytes(data);
        System.arraycopy(data, 0, model, offset, length);
        client.send(RawClient.request(0, 1, offset, offset, length));
        client.send(ByteBuffer.wrap(data));
        assertEquals(new RawClient.Reply(0, offset), client.reply());
    }

    private void zero(final RawClient client, final int offset, final int length) throws IOException {
        Arrays.fill(model, offset, offset + length, (byte) 0);
        assertEquals(0, client.ask(0, 6, offset, length).error());
    }

    private void read(final RawClient client, final int offset, final int length) throws IOException {
        assertEquals(0, client.ask(0, 0, offset, length).error());
        assertArrayEquals(
                Arrays.copyOfRange(model, offset, offset + length),
                client.receive(length).array());
    }
}
