package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes in, the answer is a problem document, nothing is written, and the next request
 * works.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class HostileInputTest {

    private record Body(String what, String text, int status) {}

    private static final Map<String, Body> BODIES = bodies();

    static List<String> bodyNames() {
        return BODIES.keySet().stream().sorted().toList();
    }

    /** By what they are, for the names of the tests: the bodies themselves are large. */
    private static Map<String, Body> bodies() {
        String id = "0197f0a0-0000-7000-8000-00000000aaaa";
        return Stream.of(
                        new Body("nothing", "", 400),
                        new Body("white space", " \n", 400),
                        new Body("truncated object", "{\"type\":\"A\"", 400),
                        new Body("truncated string", "{\"type\":\"A", 400),
                        new Body("truncated array", "[{\"type\":\"A\"}", 400),
                        new Body("two documents", "{\"type\":\"A\"}{\"type\":\"A\"}", 400),
                        new Body("trailing comma", "{\"type\":\"A\",}", 400),
                        new Body("comment", "{\"type\":\"A\"/* no */}", 400),
                        new Body("single quotes", "{'type':'A'}", 400),
                        new Body("bare word", "hello", 400),
                        new Body("NaN", "{\"type\":\"A\",\"data\":NaN}", 400),
                        new Body("leading zero", "{\"type\":\"A\",\"data\":01}", 400),
                        new Body("plus sign", "{\"type\":\"A\",\"data\":+1}", 400),
                        new Body("bare fraction", "{\"type\":\"A\",\"data\":.5}", 400),
                        new Body("control character", "{\"type\":\"A\",\"data\":\"\u0001\"}", 400),
                        new Body("bad escape", "{\"type\":\"A\",\"data\":\"\\x41\"}", 400),
                        new Body("a string", "\"A\"", 400),
                        new Body("a number", "1", 400),
                        new Body("null", "null", 400),
                        new Body("empty array", "[]", 400),
                        new Body("array of strings", "[\"A\"]", 400),
                        new Body("array in array", "[[{\"type\":\"A\"}]]", 400),
                        new Body("empty object", "{}", 400),
                        new Body("no type", "{\"data\":1}", 400),
                        new Body("type is a number", "{\"type\":1}", 400),
                        new Body("type is null", "{\"type\":null}", 400),
                        new Body("type is empty", "{\"type\":\"\"}", 400),
                        new Body("type has a slash", "{\"type\":\"a/b\"}", 400),
                        new Body("type of the server", "{\"type\":\"$deleted\"}", 400),
                        new Body(
                                "type of 255 bytes", "{\"type\":\"" + "t".repeat(255) + "\"}", 201),
                        new Body(
                                "type of 256 bytes", "{\"type\":\"" + "t".repeat(256) + "\"}", 400),
                        new Body(
                                "type of 256 bytes in 128 characters",
                                "{\"type\":\"" + "é".repeat(128) + "\"}",
                                400),
                        new Body("type with a control character", "{\"type\":\"a\\u0007\"}", 400),
                        new Body("unknown member", "{\"type\":\"A\",\"typ\":\"B\"}", 400),
                        new Body("member twice", "{\"type\":\"A\",\"type\":\"A\"}", 400),
                        new Body("data twice", "{\"type\":\"A\",\"data\":1,\"data\":1}", 400),
                        new Body("id is no UUID", "{\"type\":\"A\",\"id\":\"1\"}", 400),
                        new Body(
                                "id is a short UUID", "{\"type\":\"A\",\"id\":\"1-1-1-1-1\"}", 400),
                        new Body("id is a number", "{\"type\":\"A\",\"id\":1}", 400),
                        new Body(
                                "same id twice",
                                "[{\"type\":\"A\",\"id\":\"%s\"},{\"type\":\"A\",\"id\":\"%s\"}]"
                                        .formatted(id, id.toUpperCase(Locale.ROOT)),
                                400),
                        new Body("schema version 0", "{\"type\":\"A\",\"schemaVersion\":0}", 400),
                        new Body(
                                "schema version 1.5",
                                "{\"type\":\"A\",\"schemaVersion\":1.5}",
                                400),
                        new Body(
                                "schema version of 20 digits",
                                "{\"type\":\"A\",\"schemaVersion\":11111111111111111111}",
                                400),
                        new Body(
                                "time without zone",
                                "{\"type\":\"A\",\"occurredAt\":\"2026-01-01T00:00:00\"}",
                                400),
                        new Body(
                                "time that does not exist",
                                "{\"type\":\"A\",\"occurredAt\":\"2026-02-30T00:00:00Z\"}",
                                400),
                        new Body("time is a number", "{\"type\":\"A\",\"occurredAt\":1}", 400),
                        new Body("metadata is an array", "{\"type\":\"A\",\"metadata\":[]}", 400),
                        new Body(
                                "metadata of the server",
                                "{\"type\":\"A\",\"metadata\":{\"$x\":1}}",
                                400),
                        new Body(
                                "metadata member twice",
                                "{\"type\":\"A\",\"metadata\":{\"actor\":\"a\",\"actor\":\"b\"}}",
                                400),
                        new Body(
                                "causation is no event id",
                                "{\"type\":\"A\",\"metadata\":{\"causationId\":\"x\"}}",
                                400),
                        new Body(
                                "actor is an object",
                                "{\"type\":\"A\",\"metadata\":{\"actor\":{}}}",
                                400),
                        new Body(
                                "metadata of 65 KiB",
                                "{\"type\":\"A\",\"metadata\":{\"x\":\""
                                        + "x".repeat(65 * 1024)
                                        + "\"}}",
                                413),
                        new Body("tags are a string", "{\"type\":\"A\",\"tags\":\"a:b\"}", 400),
                        new Body("tag without a value", "{\"type\":\"A\",\"tags\":[\"a:\"]}", 400),
                        new Body("tag without a name", "{\"type\":\"A\",\"tags\":[\":b\"]}", 400),
                        new Body("tag without a colon", "{\"type\":\"A\",\"tags\":[\"ab\"]}", 400),
                        new Body(
                                "tag of 256 bytes",
                                "{\"type\":\"A\",\"tags\":[\"a:" + "b".repeat(254) + "\"]}",
                                400),
                        new Body("33 tags", "{\"type\":\"A\",\"tags\":[" + tags(33) + "]}", 413),
                        new Body("32 tags", "{\"type\":\"A\",\"tags\":[" + tags(32) + "]}", 201),
                        new Body("NUL in data", "{\"type\":\"A\",\"data\":\"a\\u0000\"}", 400),
                        new Body(
                                "NUL in a member name",
                                "{\"type\":\"A\",\"data\":{\"\\u0000\":1}}",
                                400),
                        new Body(
                                "lone high surrogate",
                                "{\"type\":\"A\",\"data\":\"\\ud800\"}",
                                400),
                        new Body(
                                "lone low surrogate",
                                "{\"type\":\"A\",\"data\":[{\"a\":\"\\udc00x\"}]}",
                                400),
                        new Body(
                                "swapped surrogates",
                                "{\"type\":\"A\",\"data\":\"\\udc00\\ud800\"}",
                                400),
                        new Body("nesting of 256", nested(256), 201),
                        new Body("nesting of 257", nested(257), 400),
                        new Body("nesting of 100,000", nested(100_000), 400),
                        new Body(
                                "number of 1,000 characters",
                                "{\"type\":\"A\",\"data\":" + "1".repeat(1000) + "}",
                                201),
                        new Body(
                                "number of 1,001 characters",
                                "{\"type\":\"A\",\"data\":" + "1".repeat(1001) + "}",
                                400),
                        new Body("exponent of 1,000", "{\"type\":\"A\",\"data\":1e-1000}", 201),
                        new Body("exponent of 1,001", "{\"type\":\"A\",\"data\":1e1001}", 400),
                        new Body(
                                "exponent of 20 digits",
                                "{\"type\":\"A\",\"data\":1E99999999999999999999}",
                                400),
                        new Body(
                                "event over 1 MiB",
                                "{\"type\":\"A\",\"data\":\"" + "x".repeat(1 << 20) + "\"}",
                                413),
                        new Body("1,000 events", events(1000), 201),
                        new Body("1,001 events", events(1001), 413),
                        new Body(
                                "append over 8 MiB",
                                "["
                                        + ("{\"type\":\"A\",\"data\":\""
                                                        + "x".repeat(1 << 19)
                                                        + "\"},")
                                                .repeat(17)
                                        + "{\"type\":\"A\"}]",
                                413))
                .collect(Collectors.toMap(Body::what, body -> body));
    }

    @ParameterizedTest
    @MethodSource("bodyNames")
    void a_body_gets_the_status_that_it_deserves(String what) {
        Body body = Objects.requireNonNull(BODIES.get(what));
        String stream = freshStream("hostile");

        Response answer = append(stream, body.text());

        answer.then().statusCode(body.status());
        if (body.status() != 201) {
            requireProblem(answer);
            get("/v1/streams/" + stream).then().statusCode(404);
        }
        append(stream, "{\"type\":\"Next\"}").then().statusCode(201);
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        for (byte[] bytes :
                List.of(
                        new byte[] {'"', (byte) 0xff, '"'},
                        new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'},
                        new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
                        "{\"type\":\"A\"}".getBytes(StandardCharsets.UTF_16LE),
                        "\ufeff{\"type\":\"A\"}".getBytes(StandardCharsets.UTF_8))) {
            requireProblem(
                    request()
                            .contentType("application/json")
                            .body(bytes)
                            .post("/v1/streams/" + freshStream("hostile") + "/events"));
        }
    }

    @Test
    void flaws_are_pointed_at() {
        append(freshStream("hostile"), "[{\"type\":\"A\"},{\"tags\":[\"a:b\",1],\"a/b\":0}]")
                .then()
                .statusCode(400)
                .body("type", equalTo("/problems/invalid-request"))
                .body("errors.pointer", equalTo(List.of("/1/tags/1", "/1/a~1b", "/1/type")));
    }

    @Test
    void a_limit_is_named_with_what_it_is_and_what_was_sent() {
        append(freshStream("hostile"), events(1002))
                .then()
                .statusCode(413)
                .body("limit", equalTo("append-events"))
                .body("max", is(1000))
                .body("actual", is(1002));
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of(Map.of("If-Match", "7")),
                Arguments.of(Map.of("If-Match", "W/\"7\"")),
                Arguments.of(Map.of("If-Match", "\"7\", \"8\"")),
                Arguments.of(Map.of("If-Match", "\"-1\"")),
                Arguments.of(Map.of("If-Match", "\"\"")),
                Arguments.of(Map.of("If-Match", "\"9007199254740992\"")),
                Arguments.of(Map.of("If-None-Match", "\"7\"")),
                Arguments.of(Map.of("If-Match", "\"7\"", "If-None-Match", "*")),
                Arguments.of(Map.of("If-Match", "*", "If-None-Match", "*")),
                Arguments.of(Map.of("Idempotency-Key", "\"\"")),
                Arguments.of(Map.of("Idempotency-Key", "k".repeat(256))));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void headers_that_say_nothing_sensible_are_refused(Map<String, String> headers) {
        requireProblem(append(freshStream("hostile"), "{\"type\":\"A\"}", headers));
    }

    @Test
    void names_in_the_path_are_checked() {
        for (String name :
                List.of("a%2Fb", "a%00", "a%0A", "%FF", "a".repeat(256), "%C3%A9".repeat(128))) {
            requireProblem(append(name, "{\"type\":\"A\"}"));
            requireProblem(get("/v1/streams/" + name + "/events"));
        }
        append("a".repeat(255), "{\"type\":\"A\"}").then().statusCode(201);
        for (String version : List.of("x", "-1", "1.0", "9007199254740992")) {
            requireProblem(get("/v1/streams/a/events/" + version));
        }
        requireProblem(get("/v1/events/not-a-uuid"));
    }

    @Test
    void requests_that_no_client_library_sends_are_refused() throws IOException {
        String json = "{\"type\":\"A\"}";
        for (String path : List.of("/v1/streams/%zz/events", "/v1/streams/a%4/events")) {
            assertTrue(raw("POST", path, "application/json", json).startsWith("HTTP/1.1 400"));
        }
        for (String type : List.of("application/x-www-form-urlencoded", "nonsense", "a/b/c")) {
            assertTrue(raw("POST", "/v1/streams/a-1/events", type, json).startsWith("HTTP/1.1 4"));
        }
        assertTrue(raw("GET", "/v1/log", "x".repeat(100_000), "").startsWith("HTTP/1.1 4"));
    }

    /** The answer to a request that is sent as it is, up to the end of the connection. */
    private static String raw(String method, String path, String contentType, String body)
            throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            String request =
                    "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(method, path, contentType, body.length(), body);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void bodies_of_other_types_are_refused() {
        for (String type : List.of("text/plain", "application/xml")) {
            request()
                    .contentType(type)
                    .body("{\"type\":\"A\"}".getBytes(StandardCharsets.UTF_8))
                    .post("/v1/streams/" + freshStream("hostile") + "/events")
                    .then()
                    .statusCode(415)
                    .body("type", equalTo("/problems/unsupported-media-type"));
        }
    }

    @Test
    void other_addresses_methods_and_representations_are_refused() {
        requireProblem(get("/v1/nothing"));
        requireProblem(request().delete("/v1/log"));
        request().accept("text/csv").get("/v1/log").then().statusCode(406);
        request().delete("/v1/log").then().statusCode(405);
    }

    private static void requireProblem(Response answer) {
        answer.then()
                .contentType("application/problem+json")
                .statusCode(answer.statusCode())
                .body("type", startsWith("/problems/"))
                .body("status", is(answer.statusCode()))
                .body(not(containsString("Exception")));
    }

    private static String tags(int count) {
        return String.join(
                ",", IntStream.range(0, count).mapToObj(i -> "\"t:" + i + "\"").toList());
    }

    private static String nested(int depth) {
        return "{\"type\":\"A\",\"data\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    }

    private static String events(int count) {
        return "[" + "{\"type\":\"A\"},".repeat(count - 1) + "{\"type\":\"A\"}]";
    }
}
