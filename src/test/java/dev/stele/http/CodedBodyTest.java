package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are compressed. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class CodedBodyTest {

    private static final String JSON = "application/json";
    private static final Map<String, String> GZIP = Map.of("Content-Encoding", "gzip");
    private static final int MEBI = 1 << 20;
    private static final int MOST_TO_DECODE = 15 * MEBI;

    /** Much more than there is room for at once. */
    private static final int MANY = 12;

    @Test
    void whoever_hangs_up_while_a_body_is_decoded_gives_the_room_back() throws IOException {
        byte[] coded = gzip("{\"type\":\"A\",\"data\":\"" + "x".repeat(MOST_TO_DECODE) + "\"}");
        for (int i = 0; i < MANY; i++) {
            try (Wire wire = Wire.to(RestAssured.port)) {
                wire.send(
                        """
                        POST /v1/streams/coded-gone/events HTTP/1.1\r
                        Host: localhost\r
                        Content-Type: application/json\r
                        Content-Encoding: gzip\r
                        Content-Length: %d\r
                        \r
                        """
                                .formatted(coded.length)
                                .getBytes(StandardCharsets.US_ASCII));
                wire.send(coded);
            }
        }
        String large = "{\"type\":\"A\",\"data\":\"" + "x".repeat(MEBI / 2) + "\"}";
        await().until(() -> append(freshStream("coded"), large).statusCode() == 201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "identity, gzip"})
    void an_event_is_decoded(String coding) {
        String stream = freshStream("coded");

        append(
                        stream,
                        JSON,
                        gzip("{\"type\":\"A\",\"data\":\"x\"}"),
                        Map.of("Content-Encoding", coding))
                .then()
                .statusCode(201);

        get("/v1/streams/" + stream + "/events/1").then().body("data", equalTo("x"));
    }

    @Test
    void a_binary_cloud_event_of_text_is_decoded() {
        String stream = freshStream("coded");
        Map<String, String> headers = new HashMap<>(GZIP);
        headers.putAll(
                Map.of(
                        "ce-specversion", "1.0",
                        "ce-id", "1",
                        "ce-source", "/coded/" + stream,
                        "ce-type", "A"));

        append(stream, "text/plain", gzip("a text"), headers).then().statusCode(201);

        get("/v1/streams/" + stream + "/events/1").then().body("data", equalTo("a text"));
    }

    @Test
    void a_definition_is_decoded() {
        String view = "coded-" + freshStream("view").substring(5, 13);
        request()
                .contentType(JSON)
                .headers(GZIP)
                .body(gzip("{\"key\":\".stream\",\"on\":{\"*\":\"1\"}}"))
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
        request().delete("/v1/views/" + view).then().statusCode(204);
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1, true", "HTTP_1_1, false", "HTTP_2, true", "HTTP_2, false"})
    void it_is_decoded_over_every_version_with_and_without_a_length(
            HttpClient.Version version, boolean sized) throws Exception {
        byte[] body = gzip("{\"type\":\"A\",\"data\":\"" + "x".repeat(100_000) + "\"}");
        BodyPublisher publisher =
                sized
                        ? BodyPublishers.ofByteArray(body)
                        : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        URI service = URI.create("http://localhost:" + RestAssured.port);
        String stream = freshStream("coded");
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            client.send(
                    HttpRequest.newBuilder(service.resolve("/v1/log")).build(),
                    HttpResponse.BodyHandlers.discarding());

            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            service.resolve("/v1/streams/" + stream + "/events"))
                                    .header("Content-Type", JSON)
                                    .header("Content-Encoding", "gzip")
                                    .POST(publisher)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertEquals(version, answer.version());
            assertEquals(201, answer.statusCode(), answer.body());
        }
        get("/v1/streams/" + stream + "/events/1")
                .then()
                .body("data", equalTo("x".repeat(100_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "deflate", "gzip, gzip", "gzip, br", "x"})
    void another_coding_is_415_and_says_which_is_known(String coding) {
        Response answer =
                append(
                        freshStream("coded"),
                        JSON,
                        gzip("{\"type\":\"A\"}"),
                        Map.of("Content-Encoding", coding));

        answer.then()
                .statusCode(415)
                .header("Accept-Encoding", "gzip")
                .body("type", equalTo("/problems/unsupported-media-type"));
    }

    @Test
    void a_bulk_load_is_taken_as_it_is_only() {
        append(freshStream("coded"), "application/x-ndjson", gzip("{\"type\":\"A\"}\n"), GZIP)
                .then()
                .statusCode(415)
                .header("Accept-Encoding", "identity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "", ",", "identity,identity"})
    void no_coding_is_none(String coding) {
        append(
                        freshStream("coded"),
                        JSON,
                        "{\"type\":\"A\"}".getBytes(StandardCharsets.UTF_8),
                        Map.of("Content-Encoding", coding))
                .then()
                .statusCode(201);
    }

    @Test
    void what_is_not_of_the_coding_is_400() {
        byte[] whole = gzip("{\"type\":\"A\"}");
        byte[] wrongSum = whole.clone();
        wrongSum[whole.length - 5]++;
        byte[] more = Arrays.copyOf(whole, whole.length + 1);

        for (byte[] body :
                new byte[][] {
                    "{\"type\":\"A\"}".getBytes(StandardCharsets.UTF_8),
                    Arrays.copyOf(whole, whole.length - 1),
                    Arrays.copyOf(whole, 12),
                    wrongSum,
                    more
                }) {
            append(freshStream("coded"), JSON, body, GZIP)
                    .then()
                    .statusCode(400)
                    .body("detail", containsString("gzip"));
        }
    }

    @Test
    void a_body_that_becomes_too_large_is_413() {
        byte[] bomb =
                gzip(
                        out -> {
                            byte[] blanks = new byte[MEBI];
                            for (int i = 0; i < 1_000; i++) {
                                out.write(blanks);
                            }
                        });

        append(freshStream("coded"), JSON, bomb, GZIP)
                .then()
                .statusCode(413)
                .body("limit", equalTo("body-bytes"));
        append(freshStream("coded"), "{\"type\":\"A\"}").then().statusCode(201);
    }

    @Test
    void members_one_after_the_other_are_one_body() {
        byte[] first = gzip("{\"type\":");
        byte[] second = gzip("\"A\"}");
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        append(freshStream("coded"), JSON, both, GZIP).then().statusCode(201);
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static byte[] gzip(String text) {
        return gzip(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] gzip(Content content) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }
}
