package dev.stele.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body over the limit is refused so that every sender comes to read it. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class TooLargeBodyTest {

    private static final int LENGTH = 17_000_000;
    private static final int TIMES = 20;

    /** As many clients do, Python's {@code http.client} among them. */
    @Test
    void who_reads_only_when_all_is_sent_reads_it() throws IOException {
        for (int i = 0; i < TIMES; i++) {
            try (Socket socket = new Socket("localhost", RestAssured.port)) {
                OutputStream out = socket.getOutputStream();
                out.write(
                        """
                        POST /v1/streams/large/events HTTP/1.1\r
                        Host: localhost\r
                        Content-Type: application/json\r
                        Content-Length: %d\r
                        \r
                        """
                                .formatted(LENGTH)
                                .getBytes(StandardCharsets.US_ASCII));
                out.write(new byte[LENGTH]);
                InputStream in = socket.getInputStream();
                String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);

                assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
                assertTrue(answer.contains("/problems/too-large"), answer);
                assertTrue(answer.toLowerCase(Locale.ROOT).contains("connection: close"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void a_client_of_either_version_reads_it(HttpClient.Version version) throws Exception {
        URI service = URI.create("http://localhost:" + RestAssured.port);
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            client.send(
                    HttpRequest.newBuilder(service.resolve("/v1/log")).build(),
                    HttpResponse.BodyHandlers.discarding());

            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(service.resolve("/v1/streams/large/events"))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[LENGTH]))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertEquals(version, answer.version());
            assertEquals(413, answer.statusCode());
            assertTrue(answer.body().contains("/problems/too-large"), answer.body());
        }
    }

    @Test
    void who_asks_beforehand_and_for_an_upgrade_is_told_to_go_on() throws Exception {
        URI service = URI.create("http://localhost:" + RestAssured.port);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(service.resolve("/v1/streams/asks/events"))
                                    .header("Content-Type", "application/json")
                                    .expectContinue(true)
                                    .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"A\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertEquals(201, answer.statusCode(), answer.body());
        }
    }
}
