package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.eventsOf;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class AppendTest {

    private static final String EVENT = "{\"type\":\"Happened\",\"data\":{\"n\":1}}";

    @Test
    void an_append_answers_where_its_events_are() {
        String stream = freshStream("account");

        Response answer = append(stream, "[" + EVENT + "," + EVENT + "]");

        long position = answer.jsonPath().getLong("position");
        answer.then()
                .statusCode(201)
                .header("ETag", "\"2\"")
                .header("Stele-Position", Long.toString(position))
                .header("Location", "/v1/streams/" + stream + "/events/1")
                .body("stream", equalTo(stream))
                .body("firstVersion", is(1))
                .body("version", is(2))
                .body("ids", hasSize(2));
        assertEquals(position - 1, answer.jsonPath().getLong("firstPosition"));
        get(answer.header("Location")).then().statusCode(200).body("version", is(1));
    }

    @Test
    void ids_that_are_not_given_are_made_in_version_7() {
        append(freshStream("account"), EVENT)
                .then()
                .body("ids[0]", matchesPattern("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab].*"));
    }

    @Test
    void everything_that_was_sent_comes_back() {
        String stream = freshStream("account");
        String cause = append(stream, EVENT).jsonPath().getString("ids[0]");
        String id = UUID.randomUUID().toString();

        append(
                        stream,
                        """
                        {"id": "%s", "type": "Deposited", "schemaVersion": 3, "occurredAt": "2026-11-23T07:00:00+01:00",
                         "tags": ["b:2", "a:1", "b:2"], "data": {"amount": 1.10},
                         "metadata": {"correlationId": "c-1", "causationId": "%s", "actor": "ann", "more": [1e5]}}
                        """
                                .formatted(id, cause))
                .then()
                .statusCode(201);

        get("/v1/events/" + id)
                .then()
                .statusCode(200)
                .body("stream", equalTo(stream))
                .body("version", is(2))
                .body("type", equalTo("Deposited"))
                .body("schemaVersion", is(3))
                .body("occurredAt", equalTo("2026-11-23T06:00:00Z"))
                .body(
                        "recordedAt",
                        matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"))
                .body("tags", contains("a:1", "b:2"))
                .body("metadata.correlationId", equalTo("c-1"))
                .body("metadata.causationId", equalTo(cause));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1.10,\"a\":12345678901234567890,\"c\":1E+2}",
                "\"\\u00e9\\ud83d\\ude00 é😀 \\/ \\\" \\\\\"",
                "[1.0,-0,0.1e-10,1e1000]",
                "{\"a\":1,\"a\":2}",
                "null",
                "\"\"",
                "{}",
                "[]"
            })
    void data_comes_back_to_the_letter(String data) {
        String stream = freshStream("account");

        append(stream, "{\"type\":\"Kept\",\"data\":" + data + "}").then().statusCode(201);

        String page = get("/v1/streams/" + stream + "/events").asString();
        assertTrue(page.contains("\"data\":" + data + ",\"metadata\""), page);
    }

    @Test
    void only_insignificant_white_space_is_removed_from_data() {
        String stream = freshStream("account");

        append(stream, "{\"type\":\"Kept\",\"data\": { \"a b\" :\t[ 1 ,\n\" \\\" \" ] } }");

        String page = get("/v1/streams/" + stream + "/events").asString();
        assertTrue(page.contains("\"data\":{\"a b\":[1,\" \\\" \"]},"), page);
    }

    @Test
    void absent_data_is_not_null() {
        String stream = freshStream("account");

        append(stream, "{\"type\":\"Empty\"}");

        Map<String, Object> event =
                get("/v1/streams/" + stream + "/events/1").jsonPath().getMap("");
        assertTrue(!event.containsKey("data"), event.toString());
    }

    @Test
    void versions_and_positions_have_no_gaps() {
        String stream = freshStream("account");
        append(stream, EVENT, Map.of("If-Match", "\"5\"")).then().statusCode(412);
        appendCounted(stream, 3).then().statusCode(201);
        append(stream, "[]").then().statusCode(400);
        appendCounted(stream, 2).then().statusCode(201);

        Response page = get("/v1/streams/" + stream + "/events");

        assertEquals(List.of(1, 2, 3, 4, 5), eventsOf(page, "version"));
        List<Integer> positions = eventsOf(page, "position");
        assertEquals(positions.getFirst() + 4, positions.getLast());
    }

    @Test
    void a_stream_at_the_version_asked_for_takes_the_append() {
        String stream = freshStream("account");
        append(stream, EVENT, Map.of("If-None-Match", "*")).then().statusCode(201);
        append(stream, EVENT, Map.of("If-Match", "\"1\"")).then().statusCode(201);
        append(stream, EVENT, Map.of("If-Match", "*"))
                .then()
                .statusCode(201)
                .header("ETag", "\"3\"");
    }

    @Test
    void a_stream_at_another_version_refuses_and_says_which() {
        String stream = freshStream("account");
        appendCounted(stream, 2);

        append(stream, EVENT, Map.of("If-Match", "\"7\""))
                .then()
                .statusCode(412)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/append-conflict"))
                .body("stream", equalTo(stream))
                .body("expected", is(7))
                .body("actual", is(2))
                .body("conflicts", hasSize(1))
                .body("conflicts[0].stream", equalTo(stream))
                .body("conflicts[0].expected", is(7))
                .body("conflicts[0].actual", is(2));
        append(stream, EVENT, Map.of("If-None-Match", "*"))
                .then()
                .statusCode(412)
                .body("expected", equalTo("noStream"));
        append(freshStream("account"), EVENT, Map.of("If-Match", "*"))
                .then()
                .statusCode(412)
                .body("expected", equalTo("exists"))
                .body("actual", is(0));
    }

    @Test
    void a_repeat_has_no_second_effect_and_gets_the_first_answer() {
        String stream = freshStream("account");
        String json =
                "[{\"id\":\"%s\",\"type\":\"A\",\"tags\":[\"x:1\",\"y:2\"]},{\"id\":\"%s\",\"type\":\"B\"}]"
                        .formatted(UUID.randomUUID(), UUID.randomUUID());
        Response first = append(stream, json, Map.of("If-None-Match", "*"));
        appendCounted(stream, 3);

        // Whatever the condition says now: the append was accepted then.
        Response repeat =
                append(
                        stream,
                        json.replace("\"x:1\",\"y:2\"", "\"y:2\",\"x:1\""),
                        Map.of("If-Match", "\"9\""));

        repeat.then().statusCode(200).header("ETag", "\"2\"").body("duplicate", is(true));
        assertEquals(first.jsonPath().getLong("position"), repeat.jsonPath().getLong("position"));
        assertEquals(first.jsonPath().getList("ids"), repeat.jsonPath().getList("ids"));
        get("/v1/streams/" + stream).then().body("version", is(5));
    }

    @Test
    void the_same_ids_with_anything_else_are_refused() {
        String stream = freshStream("account");
        String a = UUID.randomUUID().toString();
        String b = UUID.randomUUID().toString();
        String eventA = "{\"id\":\"" + a + "\",\"type\":\"A\",\"data\":1}";
        String eventB = "{\"id\":\"" + b + "\",\"type\":\"B\"}";
        append(stream, "[" + eventA + "," + eventB + "]").then().statusCode(201);

        List<String> others =
                List.of(
                        "[" + eventA.replace(":1}", ":2}") + "," + eventB + "]",
                        "[" + eventB + "," + eventA + "]",
                        "[" + eventA + "]",
                        "[" + eventB + "]",
                        "[" + eventA + "," + eventB + "," + EVENT + "]",
                        "[" + eventA.replace("\"A\"", "\"C\"") + "," + eventB + "]",
                        "["
                                + eventA.replace("\"data\"", "\"tags\":[\"t:1\"],\"data\"")
                                + ","
                                + eventB
                                + "]");
        for (String other : others) {
            append(stream, other)
                    .then()
                    .statusCode(409)
                    .body("type", equalTo("/problems/id-reused"));
        }
        append(freshStream("account"), "[" + eventA + "," + eventB + "]")
                .then()
                .statusCode(409)
                .body("ids", contains(a, b));
        get("/v1/streams/" + stream).then().body("version", is(2));
    }

    @Test
    void an_idempotency_key_makes_a_repeat_safe() {
        String stream = freshStream("account");
        Response first = append(stream, EVENT, Map.of("Idempotency-Key", "\"order 1\""));
        first.then().statusCode(201);

        append(stream, EVENT, Map.of("Idempotency-Key", "order 1"))
                .then()
                .statusCode(200)
                .body("duplicate", is(true))
                .body("ids", equalTo(first.jsonPath().getList("ids")));
        append(stream, "{\"type\":\"Other\"}", Map.of("Idempotency-Key", "order 1"))
                .then()
                .statusCode(409);
        append(stream, "[" + EVENT + "," + EVENT + "]", Map.of("Idempotency-Key", "order 1"))
                .then()
                .statusCode(409);
        append(freshStream("account"), EVENT, Map.of("Idempotency-Key", "order 1"))
                .then()
                .statusCode(201);
    }

    @Test
    void ids_and_an_idempotency_key_exclude_each_other() {
        append(
                        freshStream("account"),
                        "{\"id\":\"" + UUID.randomUUID() + "\",\"type\":\"A\"}",
                        Map.of("Idempotency-Key", "k"))
                .then()
                .statusCode(400);
    }

    @Test
    void stream_ids_may_be_any_text_that_a_path_can_carry() {
        String name = "k%C3%A4se-%F0%9F%A7%80%20" + UUID.randomUUID();

        Response answer = append(name, EVENT);

        answer.then().statusCode(201).header("Location", "/v1/streams/" + name + "/events/1");
        assertTrue(answer.jsonPath().getString("stream").startsWith("käse-🧀 "));
        get("/v1/streams/" + name).then().statusCode(200);
    }
}
