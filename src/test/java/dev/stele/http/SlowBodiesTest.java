package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where little patience is had with large bodies that do not come. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(SlowBodiesTest.LittlePatience.class)
class SlowBodiesTest {

    private static final int LENGTH = 8 << 20;
    private static final int AS_MANY_AS_FIT = 4;
    private static final int PIECE = 1 << 17;
    private static final int PIECES = 12;

    public static final class LittlePatience implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "stele.http.large-bodies-patience", "1s",
                    "stele.http.large-bodies-min-rate", "1024",
                    "stele.http.bulk-linger", "500ms",
                    "stele.http.bulk-linger-max", "2s");
        }
    }

    @Test
    void senders_that_hold_back_the_last_byte_keep_the_others_out_for_a_moment_only()
            throws IOException {
        List<Wire> holdingBack = new ArrayList<>();
        try {
            for (int i = 0; i < AS_MANY_AS_FIT; i++) {
                Wire wire = Wire.to(RestAssured.port);
                holdingBack.add(wire);
                wire.send(head("Content-Length: " + LENGTH));
                wire.send(new byte[LENGTH - 1]);
            }
            for (Wire wire : holdingBack) {
                requireTooSlow(wire);
            }
        } finally {
            for (Wire wire : holdingBack) {
                wire.close();
            }
        }
        await().until(() -> large() == 201);
    }

    @Test
    void so_do_those_that_do_not_say_how_much_comes() throws IOException {
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(head("Transfer-Encoding: chunked"));
            wire.send(chunk(PIECE));
            requireTooSlow(wire);
        }
    }

    @Test
    void a_body_that_comes_at_its_pace_may_take_longer_than_patience() throws IOException {
        AtomicInteger sent = new AtomicInteger();
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(head("Transfer-Encoding: chunked"));
            wire.send(text("{\"type\":\"Happened\",\"data\":\""));
            await().pollInterval(Duration.ofMillis(200))
                    .until(
                            () -> {
                                wire.send(text("x".repeat(PIECE / 4)));
                                return sent.incrementAndGet() == PIECES;
                            });
            wire.send(text("\"}"));
            wire.send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            wire.await("201 Created");
        }
    }

    @Test
    void who_goes_on_and_on_after_a_refusal_is_cut_off() throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: " + Integer.MAX_VALUE));
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !isTaken(out));
        }
    }

    private static boolean isTaken(OutputStream out) {
        try {
            out.write(new byte[PIECE]);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static void requireTooSlow(Wire wire) throws IOException {
        List<Wire.Answer> answers = wire.answers();
        assertEquals(List.of(408), answers.stream().map(Wire.Answer::status).toList());
        Wire.Answer answer = answers.getFirst();
        assertTrue(answer.body().contains("/problems/body-too-slow"), answer.body());
        assertTrue(
                answer.head().toLowerCase(Locale.ROOT).contains("connection: close"),
                answer.head());
    }

    private static int large() {
        return append(
                        freshStream("large"),
                        "{\"type\":\"Happened\",\"data\":\"" + "x".repeat(1 << 19) + "\"}")
                .statusCode();
    }

    private static byte[] head(String length) {
        return """
        POST /v1/streams/slow-%s/events HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        %s\r
        \r
        """
                .formatted(UUID.randomUUID(), length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] chunk(int length) {
        return text(" ".repeat(length));
    }

    private static byte[] text(String text) {
        return "%x\r\n%s\r\n".formatted(text.length(), text).getBytes(StandardCharsets.US_ASCII);
    }
}
