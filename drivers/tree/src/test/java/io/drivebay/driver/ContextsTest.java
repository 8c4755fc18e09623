package io.drivebay.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.context.IoContext;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.Posix;
import org.junit.jupiter.api.Test;

class ContextsTest {
    @Test
    void aContextHasTheBestPortOfTheMachine() {
        try (IoContext context = Contexts.create("best")) {
            assertEquals(Posix.isLinux(), context.port() instanceof AsyncFilePort);
            context.start();
            assertEquals(42, context.call(() -> 42));
        }
    }
}
