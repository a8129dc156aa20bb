package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Appends to many streams, on conditions. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class AtomicAppendTest {

    @Test
    void events_of_many_streams_stand_together_in_the_log() {
        String first = freshStream("account");
        String second = freshStream("account");
        appendCounted(second, 2);

        Response answer =
                atomically(
                        """
                        {"appends": [{"stream": "%s", "expect": "noStream", "events": [{"type": "A"}, {"type": "B"}]},
                                     {"stream": "%s", "expect": 2, "events": [{"type": "C"}]}]}
                        """
                                .formatted(first, second));

        int position = answer.jsonPath().getInt("position");
        answer.then()
                .statusCode(201)
                .header("Stele-Position", Integer.toString(position))
                .header("ETag", nullValue())
                .body("streams.stream", contains(first, second))
                .body("streams.firstVersion", contains(1, 3))
                .body("streams.version", contains(2, 3))
                .body("streams.firstPosition", contains(position - 2, position))
                .body("streams.position", contains(position - 1, position))
                .body("streams[0].ids", hasSize(2));
        get("/v1/events?after=" + (position - 3))
                .then()
                .body("events.stream", contains(first, first, second))
                .body("events.version", contains(1, 2, 3));
    }

    @Test
    void one_failed_check_leaves_all_streams_as_they_were_and_every_one_is_listed() {
        String there = freshStream("account");
        String missing = freshStream("account");
        appendCounted(there, 2);

        Response answer =
                atomically(
                        """
                        {"appends": [{"stream": "%s", "expect": 7, "events": [{"type": "A"}]},
                                     {"stream": "%s", "events": [{"type": "A"}]}],
                         "require": [{"stream": "conference-none", "expect": "exists"}]}
                        """
                                .formatted(there, missing));

        answer.then()
                .statusCode(412)
                .body("type", equalTo("/problems/append-conflict"))
                .body("conflicts.stream", contains(there, "conference-none"))
                .body("conflicts[0].expected", is(7))
                .body("conflicts[0].actual", is(2))
                .body("conflicts[1].expected", equalTo("exists"))
                .body("conflicts[1].actual", is(0));
        get("/v1/streams/" + missing).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"exists\"', 201",
        "2, 201",
        "'\"any\"', 201",
        "'\"noStream\"', 412",
        "1, 412",
        "0, 412"
    })
    void a_required_stream_is_checked_and_not_written(String expect, int status) {
        String required = freshStream("conference");
        appendCounted(required, 2);

        atomically(
                        """
                        {"appends": [{"stream": "%s", "events": [{"type": "A"}]}],
                         "require": [{"stream": "%s", "expect": %s}]}
                        """
                                .formatted(freshStream("account"), required, expect))
                .then()
                .statusCode(status);

        get("/v1/streams/" + required).then().body("version", is(2));
    }

    @Test
    void an_event_that_fail_if_describes_after_its_position_fails_the_append() {
        String seat = "seat:" + UUID.randomUUID();
        int before = reserve(seat).jsonPath().getInt("position");

        String again =
                """
                {"appends": [{"stream": "%s", "events": [{"type": "SeatReserved", "tags": ["%s"]}]}],
                 "failIf": {"events": [{"types": ["SeatSold"], "tags": ["%s"]}, {"types": ["SeatReserved", "SeatHeld"], "tags": ["%s"]}],
                            "after": %d}}
                """;
        atomically(again.formatted(freshStream("seat"), seat, seat, seat, before - 1))
                .then()
                .statusCode(412)
                .body("conflicts", hasSize(1))
                .body("conflicts[0].failIf", is(1))
                .body("conflicts[0].positions", contains(before));
        atomically(again.formatted(freshStream("seat"), seat, seat, seat, before))
                .then()
                .statusCode(201);
    }

    @Test
    void all_tags_of_an_item_must_match_and_any_of_its_types() {
        String conference = "conference:" + UUID.randomUUID();
        String seat = "seat:" + UUID.randomUUID();
        append(
                        freshStream("seat"),
                        "{\"type\":\"SeatReserved\",\"tags\":[\"%s\",\"%s\"]}"
                                .formatted(conference, seat))
                .then()
                .statusCode(201);

        assertEquals(412, failingIf("\"tags\":[\"%s\",\"%s\"]".formatted(seat, conference)));
        assertEquals(412, failingIf("\"tags\":[\"%s\"]".formatted(conference)));
        assertEquals(
                412,
                failingIf("\"types\":[\"SeatReserved\"],\"tags\":[\"%s\"]".formatted(conference)));
        assertEquals(201, failingIf("\"types\":[\"SeatSold\"],\"tags\":[\"%s\"]".formatted(seat)));
        assertEquals(201, failingIf("\"tags\":[\"%s\",\"other:tag\"]".formatted(seat)));
    }

    @Test
    void a_fail_if_that_looks_back_beyond_what_the_lock_allows_finds_the_same() {
        String seat = "seat:" + UUID.randomUUID();
        String key = UUID.randomUUID().toString();
        int reserved = reserve(seat).jsonPath().getInt("position");
        appendCounted(freshStream("crowd"), 1000).then().statusCode(201);
        appendCounted(freshStream("crowd"), 1000).then().statusCode(201);
        String body =
                """
                {"appends": [{"stream": "seat-%s", "expect": "noStream", "events": [{"type": "SeatReserved"}]}],
                 "failIf": {"events": [{"types": ["SeatSold"], "tags": ["%s"]}, {"types": ["SeatReserved"], "tags": ["%s"]}],
                            "after": %d}}
                """;

        atomically(body.formatted(key, seat, seat, reserved), Map.of("Idempotency-Key", key))
                .then()
                .statusCode(201);
        // Both the stream and the event, in one answer; but a repeat is a repeat.
        atomically(body.formatted(key, seat, seat, reserved - 1))
                .then()
                .statusCode(412)
                .body("conflicts", hasSize(2))
                .body("conflicts[0].expected", equalTo("noStream"))
                .body("conflicts[1].failIf", is(1))
                .body("conflicts[1].positions", contains(reserved));
        atomically(body.formatted(key, seat, seat, reserved - 1), Map.of("Idempotency-Key", key))
                .then()
                .statusCode(200);
    }

    @Test
    void types_alone_are_enough_for_an_item() {
        String type = "Only-" + UUID.randomUUID();
        assertEquals(201, failingIf("\"types\":[\"%s\"]".formatted(type)));
        append(freshStream("any"), "{\"type\":\"%s\"}".formatted(type)).then().statusCode(201);
        assertEquals(412, failingIf("\"types\":[\"Other\",\"%s\"]".formatted(type)));
    }

    @Test
    void what_was_decided_on_events_that_are_not_there_is_refused_with_the_head() {
        int head = get("/v1/log").jsonPath().getInt("head");

        atomically(
                        """
                        {"appends": [{"stream": "%s", "events": [{"type": "A"}]}],
                         "failIf": {"events": [{"types": ["B"]}], "after": 9007199254740991}}
                        """
                                .formatted(freshStream("account")))
                .then()
                .statusCode(412)
                .body("conflicts.head", hasItem(org.hamcrest.Matchers.greaterThanOrEqualTo(head)));
    }

    @Test
    void a_repeat_gets_the_first_answer_whatever_its_conditions_have_become() {
        String first = freshStream("account");
        String second = freshStream("account");
        String body =
                """
                {"appends": [{"stream": "%s", "expect": "noStream", "events": [{"type": "A", "id": "%s"}]},
                             {"stream": "%s", "expect": "noStream", "events": [{"type": "A", "id": "%s"}, {"type": "B", "id": "%s"}]}],
                 "failIf": {"events": [{"types": ["A"]}], "after": %d}}
                """
                        .formatted(
                                first,
                                UUID.randomUUID(),
                                second,
                                UUID.randomUUID(),
                                UUID.randomUUID(),
                                get("/v1/log").jsonPath().getInt("head"));

        Response original = atomically(body);
        append(second, "{\"type\":\"A\"}").then().statusCode(201);
        Response repeat = atomically(body);

        original.then().statusCode(201);
        repeat.then().statusCode(200).body("duplicate", is(true));
        assertEquals(original.jsonPath().getList("streams"), repeat.jsonPath().getList("streams"));
        assertEquals(original.header("Stele-Position"), repeat.header("Stele-Position"));
    }

    @Test
    void ids_that_stood_in_other_streams_or_another_order_are_reused_ids() {
        String first = freshStream("account");
        String second = freshStream("account");
        List<UUID> ids = List.of(UUID.randomUUID(), UUID.randomUUID());
        String body =
                """
                {"appends": [{"stream": "%s", "events": [{"type": "A", "id": "%s"}]},
                             {"stream": "%s", "events": [{"type": "A", "id": "%s"}]}]}
                """;
        atomically(body.formatted(first, ids.get(0), second, ids.get(1))).then().statusCode(201);

        for (String other :
                List.of(
                        body.formatted(second, ids.get(1), first, ids.get(0)),
                        body.formatted(first, ids.get(1), second, ids.get(0)),
                        body.formatted(first, ids.get(0), second, UUID.randomUUID()))) {
            atomically(other)
                    .then()
                    .statusCode(409)
                    .body("type", equalTo("/problems/id-reused"))
                    .body("ids", hasItem(ids.get(0).toString()));
        }
    }

    @Test
    void an_idempotency_key_makes_a_retry_safe_here_too() {
        String stream = freshStream("account");
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String body = "{\"appends\":[{\"stream\":\"%s\",\"events\":[{\"type\":\"A\"}]}]}";

        atomically(body.formatted(stream), key).then().statusCode(201);
        atomically(body.formatted(stream), key).then().statusCode(200);
        atomically(body.formatted(freshStream("account")), key).then().statusCode(409);
        get("/v1/streams/" + stream).then().body("version", is(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                     | ''",
                "{}                                                     | /appends",
                "{\"appends\":[]}                                       | /appends",
                "{\"appends\":{}}                                       | /appends",
                "{\"appends\":[],\"require\":[]}                          | /appends",
                "{\"appends\":[1]}                                      | /appends/0",
                "{\"appends\":[{\"stream\":\"a\"}]}                     | /appends/0/events",
                "{\"appends\":[{\"events\":[{\"type\":\"A\"}]}]}        | /appends/0/stream",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[]}]}       | /appends/0/events",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{}]}]}     | /appends/0/events/0/type",
                "{\"appends\":[{\"stream\":\"a/b\",\"events\":[{\"type\":\"A\"}]}]} |"
                        + " /appends/0/stream",
                "{\"appends\":[{\"stream\":\"a\",\"expect\":-1,\"events\":[{\"type\":\"A\"}]}]} |"
                        + " /appends/0/expect",
                "{\"appends\":[{\"stream\":\"a\",\"expect\":\"new\",\"events\":[{\"type\":\"A\"}]}]}"
                    + " | /appends/0/expect",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]},{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}]}"
                    + " | /appends/1/stream",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"require\":[{\"stream\":\"a\"}]}"
                    + " | /require/0/stream",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"require\":[{\"events\":[]}]}"
                    + " | /require/0/events",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"failIf\":{\"after\":1}}"
                    + " | /failIf/events",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"failIf\":{\"events\":[{}],\"after\":1}}"
                    + " | /failIf/events/0",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"failIf\":{\"events\":[{\"types\":[\"A\"]}]}}"
                    + " | /failIf/after",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"failIf\":{\"events\":[{\"tags\":[\"a\"]}],\"after\":1}}"
                    + " | /failIf/events/0/tags/0",
                "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}],\"fail\":{}} |"
                        + " /fail"
            })
    void a_body_that_is_wrong_is_refused_with_the_place(String body, String pointer) {
        atomically(body)
                .then()
                .statusCode(400)
                .body("type", equalTo("/problems/invalid-request"))
                .body("errors.pointer", hasItem(pointer));
    }

    @Test
    void preconditions_belong_into_the_body() {
        atomically(
                        "{\"appends\":[{\"stream\":\"a\",\"events\":[{\"type\":\"A\"}]}]}",
                        Map.of("If-None-Match", "*"))
                .then()
                .statusCode(400);
    }

    private static Response reserve(String seat) {
        return append(
                freshStream("seat"),
                "{\"type\":\"SeatReserved\",\"tags\":[\"%s\"]}".formatted(seat));
    }

    /** The status of an append that fails if there is any event of this description. */
    private static int failingIf(String item) {
        return atomically(
                        """
                        {"appends": [{"stream": "%s", "events": [{"type": "Checked"}]}],
                         "failIf": {"events": [{%s}], "after": 0}}
                        """
                                .formatted(freshStream("account"), item))
                .statusCode();
    }

    private static Response atomically(String json) {
        return atomically(json, Map.of());
    }

    private static Response atomically(String json, Map<String, String> headers) {
        return request()
                .contentType(ContentType.JSON)
                .headers(headers)
                .body(json)
                .post("/v1/append");
    }
}
