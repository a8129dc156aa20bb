package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.eventsOf;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class BulkAppendTest {

    private static final String LINES = "application/x-ndjson";

    @Test
    void a_load_is_appended_in_chunks_of_a_thousand_events() throws IOException {
        String stream = freshStream("bulk");

        Response answer = load(stream, withoutIds(2_500), Map.of());

        answer.then().statusCode(200).contentType(LINES);
        List<JsonNode> lines = lines(answer.asString());
        assertEquals(4, lines.size());
        long position = lines.getFirst().path("firstPosition").asLong();
        assertEquals(chunk(1, 1_000, 1, position), lines.get(0));
        assertEquals(chunk(1_001, 1_000, 1_001, position + 1_000), lines.get(1));
        assertEquals(chunk(2_001, 500, 2_001, position + 2_000), lines.get(2));
        assertEquals(
                json(
                        "{'end':{'events':2500,'chunks':3,'version':2500,'position':%d}}"
                                .formatted(position + 2_499)),
                lines.get(3));
        assertEquals(
                List.of(2_499, 2_500),
                eventsOf(get("/v1/streams/" + stream + "/events?from=2499"), "data"));
    }

    @Test
    void a_load_that_is_sent_again_gets_the_first_answers() throws IOException {
        String stream = freshStream("bulk");
        String body = withIds(1_100);
        List<JsonNode> first = lines(load(stream, body, Map.of()).asString());
        append(stream, "{\"type\":\"Later\"}");

        List<JsonNode> second = lines(load(stream, body, Map.of()).asString());

        assertEquals(duplicates(first), second);
        get("/v1/streams/" + stream).then().body("version", is(1_101));
    }

    @Test
    void a_key_makes_a_load_without_ids_one_that_can_be_sent_again() throws IOException {
        String stream = freshStream("bulk");
        Map<String, String> key = Map.of("Idempotency-Key", "load-1");
        List<JsonNode> first = lines(load(stream, withoutIds(1_010), key).asString());

        List<JsonNode> second = lines(load(stream, withoutIds(1_010), key).asString());

        assertEquals(duplicates(first), second);
        load(stream, withIds(1), key).then().statusCode(400);
        load(stream, withoutIds(1), key).then().statusCode(409);
    }

    @Test
    void the_chunks_are_the_same_however_the_bytes_arrive() throws IOException {
        String stream = freshStream("bulk");
        String body = withIds(1_300);
        List<JsonNode> first = lines(load(stream, body, Map.of()).asString());
        byte[] again = body.strip().replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);

        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(head(stream, "Transfer-Encoding: chunked"));
            Random random = new Random(1);
            for (int start = 0; start < again.length; ) {
                int end = Math.min(again.length, start + 1 + random.nextInt(20_000));
                wire.send(ascii("%x\r\n".formatted(end - start)));
                wire.send(Arrays.copyOfRange(again, start, end));
                wire.send(ascii("\r\n"));
                start = end;
            }
            wire.send(ascii("0\r\n\r\n"));

            assertEquals(duplicates(first), lines(only(wire).body()));
        }
    }

    @Test
    void a_chunk_that_is_refused_ends_the_load() throws IOException {
        String stream = freshStream("bulk");
        List<String> body = new ArrayList<>(withoutIds(2_100).lines().toList());
        body.set(1_501, "{\"type\":7}");
        body.set(1_502, "nonsense");

        Response answer = load(stream, String.join("\n", body), Map.of());

        answer.then().statusCode(200);
        List<JsonNode> lines = lines(answer.asString());
        assertEquals(2, lines.size());
        assertEquals(1_000, lines.getFirst().path("events").asInt());
        assertEquals(1_001, lines.getLast().path("firstLine").asInt());
        assertEquals(2_000, lines.getLast().path("line").asInt());
        JsonNode problem = lines.getLast().path("problem");
        assertEquals("/problems/invalid-request", problem.path("type").asText());
        assertEquals(400, problem.path("status").asInt());
        assertEquals("line 1502: /type: must be a string", problem.path("detail").asText());
        assertEquals(1_502, problem.path("errors").path(0).path("line").asInt());
        assertEquals("/type", problem.path("errors").path(0).path("pointer").asText());
        assertEquals(1_503, problem.path("errors").path(1).path("line").asInt());
        assertTrue(problem.toString().contains("at line 1503, column"), problem.toString());
        get("/v1/streams/" + stream).then().body("version", is(1_000));
    }

    @Test
    void a_load_that_was_refused_goes_on_when_it_is_corrected() throws IOException {
        String stream = freshStream("bulk");
        List<String> body = new ArrayList<>(withIds(1_300).lines().toList());
        String good = body.set(1_200, "");
        body.add(1_200, "{\"type\":\"\"}");
        load(stream, String.join("\n", body), Map.of());
        body.set(1_200, good);

        List<JsonNode> lines = lines(load(stream, String.join("\n", body), Map.of()).asString());

        assertTrue(lines.getFirst().path("duplicate").asBoolean());
        assertFalse(lines.get(1).has("duplicate"));
        assertEquals(1_300, lines.getLast().path("end").path("events").asInt());
        get("/v1/streams/" + stream).then().body("version", is(1_300));
    }

    @Test
    void a_load_may_go_on_with_the_line_behind_the_last_answer() throws IOException {
        String stream = freshStream("bulk");
        List<String> body = withIds(1_300).lines().toList();
        List<JsonNode> first = lines(load(stream, String.join("\n", body), Map.of()).asString());

        String rest = String.join("\n", body.subList(1_000, 1_300));

        List<JsonNode> second = lines(load(stream, rest, Map.of()).asString());
        assertEquals(first.get(1).path("position"), second.getFirst().path("position"));
        assertTrue(second.getFirst().path("duplicate").asBoolean());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "{'type':'A','tags':['']} § 400 § invalid-request",
                "'' § 400 § invalid-request",
                "{'id':'7','type':'A'} § 400 § invalid-request",
                "[{'type':'A'}] § 400 § invalid-request",
                "{'type':'A'}{'type':'A'} § 400 § invalid-request",
            })
    void a_load_whose_first_chunk_is_refused_is_answered_as_any_append(
            String body, int status, String problem) {
        String stream = freshStream("bulk");

        load(stream, body.replace('\'', '"'), Map.of())
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/" + problem));
        get("/v1/streams/" + stream).then().statusCode(404);
    }

    @Test
    void limits_are_those_of_events_and_the_line_is_told() {
        String long_ = "{\"type\":\"A\",\"data\":\"" + "x".repeat(1 << 20) + "\"}";
        load(freshStream("bulk"), "{\"type\":\"A\"}\n" + long_, Map.of())
                .then()
                .statusCode(413)
                .body("limit", equalTo("event-bytes"))
                .body("detail", startsWith("line 2: "));
        load(
                        freshStream("bulk"),
                        "\n{\"type\":\"A\",\"metadata\":{\"k\":\"" + "x".repeat(1 << 16) + "\"}}",
                        Map.of())
                .then()
                .statusCode(413)
                .body("limit", equalTo("metadata-bytes"))
                .body("detail", startsWith("line 2: "));
    }

    @Test
    void the_condition_is_that_of_the_first_chunk() {
        String stream = freshStream("bulk");
        appendCounted(stream, 2);

        load(stream, withoutIds(1), Map.of("If-None-Match", "*"))
                .then()
                .statusCode(412)
                .body("actual", is(2));
        load(stream, withoutIds(1_001), Map.of("If-Match", "\"2\"")).then().statusCode(200);
        load(stream, withoutIds(1_001), Map.of("If-Match", "*")).then().statusCode(200);
        get("/v1/streams/" + stream).then().body("version", is(2_004));
    }

    @Test
    void who_expects_a_version_has_the_stream_alone_to_the_end() throws IOException {
        String stream = freshStream("bulk");
        List<JsonNode> lines =
                interrupted(stream, "If-None-Match: *", withoutIds(1_000), withoutIds(1));

        assertEquals(2, lines.size());
        JsonNode problem = lines.getLast().path("problem");
        assertEquals("/problems/append-conflict", problem.path("type").asText());
        assertEquals(1_000, problem.path("expected").asInt());
        assertEquals(1_001, problem.path("actual").asInt());
    }

    @Test
    void who_expects_nothing_shares_the_stream() throws IOException {
        String stream = freshStream("bulk");
        List<JsonNode> lines = interrupted(stream, "X-None: -", withoutIds(1_000), withoutIds(1));

        assertEquals(3, lines.size());
        assertEquals(1_002, lines.get(1).path("version").asInt());
    }

    /** Sends the second part when the first was answered and somebody else has appended. */
    private static List<JsonNode> interrupted(
            String stream, String header, String first, String second) throws IOException {
        try (Wire wire = Wire.to(RestAssured.port)) {
            int length = first.length() + second.length();
            wire.send(head(stream, header, "Content-Length: " + length));
            wire.send(ascii(first));
            wire.await("\"version\":1000,");
            append(stream, "{\"type\":\"Between\"}").then().statusCode(201);
            wire.send(ascii(second));
            return lines(only(wire).body());
        }
    }

    @Test
    void repeats_come_before_conditions() throws IOException {
        String stream = freshStream("bulk");
        String body = withIds(1_200);
        List<String> whole = body.lines().toList();
        Map<String, String> fresh = Map.of("If-None-Match", "*");
        String begun = String.join("\n", whole.subList(0, 1_000));
        load(stream, begun, fresh).then().statusCode(200);

        List<JsonNode> lines = lines(load(stream, body, fresh).asString());

        assertTrue(lines.getFirst().path("duplicate").asBoolean());
        assertEquals(1_200, lines.get(1).path("version").asInt());
        assertFalse(lines.get(1).has("duplicate"));
    }

    @Test
    void a_load_whose_connection_breaks_is_sent_again() throws IOException {
        String stream = freshStream("bulk");
        byte[] body = ascii(withIds(1_500));
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(head(stream, "Content-Length: " + body.length));
            wire.send(Arrays.copyOf(body, body.length - body.length / 5));
            wire.await("\"version\":1000,");
        }

        List<JsonNode> lines = lines(load(stream, body, Map.of()).asString());

        assertTrue(lines.getFirst().path("duplicate").asBoolean());
        assertFalse(lines.get(1).has("duplicate"));
        assertEquals(1_500, lines.getLast().path("end").path("events").asInt());
        get("/v1/streams/" + stream).then().body("version", is(1_500));
    }

    @Test
    void a_load_has_no_largest_size() throws IOException {
        String stream = freshStream("bulk");
        String line = "{\"type\":\"A\",\"data\":\"" + "x".repeat(900_000) + "\"}\n";
        byte[] body = ascii(line.repeat(20));

        Response answer = load(stream, body, Map.of());

        answer.then().statusCode(200);
        List<JsonNode> lines = lines(answer.asString());
        // Each chunk has the two lines that bring it to a mebibyte.
        assertEquals(11, lines.size());
        assertEquals(2, lines.getFirst().path("events").asInt());
        get("/v1/streams/" + stream).then().body("version", is(20));
    }

    @Test
    void a_sender_that_waits_is_told_to_go_on() throws IOException {
        String body = withoutIds(1);
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(
                    head(
                            freshStream("bulk"),
                            "Expect: 100-continue",
                            "Content-Length: " + body.length()));
            wire.await("100 Continue\r\n\r\n");
            wire.send(ascii(body));
            wire.await("\"end\"");
        }
    }

    @Test
    void a_sender_that_does_not_stop_is_left_alone_after_a_while() throws IOException {
        String stream = freshStream("bulk");
        try (Wire wire = Wire.to(RestAssured.port)) {
            wire.send(head(stream, "If-Match: 7", "Content-Length: 1000000"));
            wire.send(ascii(withoutIds(100)));

            assertEquals(400, only(wire).status());
        }
        get("/v1/streams/" + stream).then().statusCode(404);
    }

    @Test
    void what_is_asked_for_must_be_understood() {
        String stream = freshStream("bulk");
        load(stream, withoutIds(1), Map.of("Accept", "text/csv"))
                .then()
                .statusCode(406)
                .body("type", equalTo("/problems/not-acceptable"));
        load(stream, withoutIds(1), Map.of("Accept", "nonsense")).then().statusCode(406);
        append(stream, LINES, ascii("{}"), Map.of("ce-id", "1"))
                .then()
                .statusCode(400)
                .body("errors", hasSize(3));
        get("/v1/streams/" + stream).then().statusCode(404);
    }

    @Test
    void the_data_of_a_cloud_event_in_binary_mode_may_be_lines() {
        String stream = freshStream("bulk");
        append(
                        stream,
                        LINES,
                        ascii("1\n2\n"),
                        Map.of(
                                "ce-specversion",
                                "1.0",
                                "ce-id",
                                "1",
                                "ce-source",
                                "/" + stream,
                                "ce-type",
                                "A"))
                .then()
                .statusCode(201);
        get("/v1/streams/" + stream + "/events/1").then().body("contentType", equalTo(LINES));
    }

    private static Response load(String stream, String body, Map<String, String> headers) {
        return load(stream, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Response load(String stream, byte[] body, Map<String, String> headers) {
        Response answer = append(stream, LINES, body, headers);
        // It has begun with the first chunk; what follows here is meant to follow the last one.
        answer.asString();
        return answer;
    }

    private static byte[] head(String stream, String... headers) {
        return ascii(
                "POST /v1/streams/%s/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                .formatted(stream)
                        + "Content-Type: application/x-ndjson\r\n"
                        + String.join("\r\n", headers)
                        + "\r\n\r\n");
    }

    private static Wire.Answer only(Wire wire) throws IOException {
        List<Wire.Answer> answers = wire.answers();
        assertEquals(1, answers.size());
        return answers.getFirst();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String withoutIds(int events) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= events; i++) {
            lines.append("{\"type\":\"Counted\",\"data\":").append(i).append("}\n");
        }
        return lines.toString();
    }

    private static String withIds(int events) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= events; i++) {
            lines.append("{\"id\":\"")
                    .append(UUID.randomUUID())
                    .append("\",\"type\":\"Counted\",\"data\":")
                    .append(i)
                    .append("}\n");
        }
        return lines.toString();
    }

    private static List<JsonNode> lines(String answer) throws JsonProcessingException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : answer.lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static JsonNode chunk(int line, int events, int version, long position)
            throws JsonProcessingException {
        return json(
                "{'firstLine':%d,'line':%d,'events':%d,'firstVersion':%d,'version':%d,'firstPosition':%d,'position':%d}"
                        .formatted(
                                line,
                                line + events - 1,
                                events,
                                version,
                                version + events - 1,
                                position,
                                position + events - 1));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    /** The lines as they are when all of it was there before. */
    private static List<JsonNode> duplicates(List<JsonNode> lines) {
        List<JsonNode> duplicates = new ArrayList<>();
        for (JsonNode line : lines) {
            duplicates.add(
                    line.has("end") ? line : ((ObjectNode) line.deepCopy()).put("duplicate", true));
        }
        return duplicates;
    }
}
