package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LargeBodiesTest {

    private static final int LENGTH = 8 << 20;
    private static final int AS_MANY_AS_FIT = 4;

    @Test
    void many_large_bodies_at_once_are_refused_and_small_ones_are_not() throws IOException {
        List<Wire> slow = new ArrayList<>();
        try {
            for (int i = 0; i < AS_MANY_AS_FIT; i++) {
                slow.add(begun());
            }
            Wire.Answer refused = refused();

            assertTrue(refused.head().contains("Retry-After: 1"), refused.head());
            assertTrue(refused.body().contains("/problems/overloaded"), refused.body());
            append(freshStream("small"), "{\"type\":\"Happened\"}").then().statusCode(201);
        } finally {
            for (Wire wire : slow) {
                wire.close();
            }
        }
        // Whoever has gone away gives the room back.
        await().until(() -> large().statusCode() == 201);
    }

    /** A request of which the head has come, and its body has not. */
    private static Wire begun() throws IOException {
        Wire wire = Wire.to(RestAssured.port);
        wire.send(head("Expect: 100-continue\r\n"));
        wire.await("100 Continue");
        return wire;
    }

    /**
     * The answer to one request too many, whose body comes all the same, and then another request.
     */
    private static Wire.Answer refused() throws IOException {
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(head(""));
            wire.await("/problems/overloaded");
            wire.send(new byte[LENGTH]);
            wire.send(
                    "GET /v1/log HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            List<Wire.Answer> answers = wire.answers();
            assertEquals(List.of(503, 200), answers.stream().map(Wire.Answer::status).toList());
            return answers.getFirst();
        }
    }

    private static byte[] head(String more) {
        return """
        POST /v1/streams/large/events HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s\r
        """
                .formatted(LENGTH, more)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Response large() {
        return append(
                freshStream("large"),
                "{\"type\":\"Happened\",\"data\":\"" + "x".repeat(1 << 19) + "\"}");
    }
}
