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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LargeBodiesTest {

    private static final int LENGTH = 8 << 20;
    private static final int AS_MANY_AS_FIT = 4;
    private static final byte[] END = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT =
            "GET /v1/log HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

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

    @Test
    void bodies_that_do_not_say_how_long_they_are_count_as_they_come() throws IOException {
        List<Wire> slow = new ArrayList<>();
        try {
            for (int i = 0; i < AS_MANY_AS_FIT; i++) {
                Wire wire = Wire.to(RestAssured.port);
                slow.add(wire);
                wire.send(unsized(""));
                wire.send(chunk(LENGTH));
            }
            await().until(() -> large().statusCode() == 503);

            try (Wire wire = Wire.to(RestAssured.port)) {
                wire.send(unsized(""));
                wire.send(chunk(1 << 20));
                wire.await("/problems/overloaded");
                wire.send(chunk(1 << 20));
                wire.send(END);
                wire.send(NEXT);
                assertEquals(
                        List.of(503, 200),
                        wire.answers().stream().map(Wire.Answer::status).toList());
            }
            try (Wire small = Wire.to(RestAssured.port)) {
                small.send(unsized(""));
                small.send(chunked("{\"type\":\"Happened\"}"));
                small.send(END);
                small.await("201 Created");
            }
        } finally {
            for (Wire wire : slow) {
                wire.close();
            }
        }
        await().until(() -> large().statusCode() == 201);
    }

    @Test
    void a_large_body_of_unknown_length_is_taken() throws IOException {
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(unsized("Expect: 100-continue\r\n"));
            wire.await("100 Continue");
            wire.send(chunked("{\"type\":\"Happened\",\"data\":\""));
            for (int i = 0; i < 8; i++) {
                wire.send(chunked("x".repeat(1 << 16)));
            }
            wire.send(chunked("\"}"));
            wire.send(END);
            wire.send(NEXT);
            assertEquals(
                    List.of(100, 201, 200),
                    wire.answers().stream().map(Wire.Answer::status).toList());
        }
    }

    @Test
    void a_body_of_unknown_length_over_http_2_is_taken() throws Exception {
        byte[] event =
                ("{\"type\":\"Happened\",\"data\":\"" + "x".repeat(1 << 19) + "\"}")
                        .getBytes(StandardCharsets.US_ASCII);
        URI service = URI.create("http://localhost:" + RestAssured.port);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // Without TLS, the first request asks for the upgrade.
            client.send(
                    HttpRequest.newBuilder(service.resolve("/v1/log")).build(),
                    HttpResponse.BodyHandlers.discarding());

            HttpResponse<Void> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            service.resolve(
                                                    "/v1/streams/"
                                                            + freshStream("large")
                                                            + "/events"))
                                    .header("Content-Type", "application/json")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofInputStream(
                                                    () -> new ByteArrayInputStream(event)))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());

            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(201, answer.statusCode());
        }
    }

    @Test
    void a_body_that_turns_out_too_large_is_413() throws IOException {
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(unsized(""));
            wire.send(chunk(LENGTH));
            wire.send(chunk(LENGTH));
            wire.send(chunk(1));
            wire.await("/problems/too-large");
            wire.send(END);
            wire.send(NEXT);
            assertEquals(
                    List.of(413, 200), wire.answers().stream().map(Wire.Answer::status).toList());
        }
    }

    private static byte[] unsized(String more) {
        return """
        POST /v1/streams/large-%s/events HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Transfer-Encoding: chunked\r
        %s\r
        """
                .formatted(UUID.randomUUID(), more)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] chunk(int length) {
        return chunked(" ".repeat(length));
    }

    private static byte[] chunked(String text) {
        return "%x\r\n%s\r\n".formatted(text.length(), text).getBytes(StandardCharsets.US_ASCII);
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
            wire.send(NEXT);
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
