package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.eventsOf;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Streams that are deleted, and started again. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class DeleteTest {

    private static final String EVENT = "{\"type\":\"Counted\"}";
    private static final Map<String, String> NO_STREAM = Map.of("If-None-Match", "*");

    @Test
    void a_deletion_is_one_more_event_with_its_reason() {
        String stream = freshStream("account");
        appendCounted(stream, 2);

        Response answer = delete(stream, "?reason=closed%20by%20owner");

        String position = Integer.toString(answer.jsonPath().getInt("position"));
        answer.then()
                .statusCode(200)
                .header("Stele-Position", position)
                .body("stream", equalTo(stream))
                .body("version", is(3));
        get("/v1/events/" + answer.jsonPath().getString("id"))
                .then()
                .statusCode(200)
                .body("type", equalTo("$deleted"))
                .body("version", is(3))
                .body("data.reason", equalTo("closed by owner"));
    }

    @Test
    void a_deleted_stream_is_gone_for_readers_and_writers() {
        String stream = freshStream("account");
        appendCounted(stream, 2);
        delete(stream, "?reason=closed").then().statusCode(200);

        for (Response answer :
                List.of(
                        get("/v1/streams/" + stream),
                        get("/v1/streams/" + stream + "/events"),
                        get("/v1/streams/" + stream + "/events?direction=backward"),
                        get("/v1/streams/" + stream + "/events/1"),
                        append(stream, EVENT),
                        append(stream, EVENT, Map.of("If-Match", "*")),
                        append(stream, EVENT, Map.of("If-Match", "\"3\"")),
                        append(stream, EVENT, Map.of("If-Match", "\"1\"")),
                        delete(stream, ""))) {
            answer.then()
                    .statusCode(410)
                    .body("type", equalTo("/problems/stream-deleted"))
                    .body("deletedAt", notNullValue())
                    .body("reason", equalTo("closed"));
        }
    }

    @Test
    void its_events_stay_in_the_log_and_are_published() {
        String stream = freshStream("account");
        int first = appendCounted(stream, 2).jsonPath().getInt("firstPosition");
        delete(stream, "").then().statusCode(200);

        List<String> streams = eventsOf(get("/v1/events?limit=3&after=" + (first - 1)), "stream");
        assertEquals(stream, streams.getFirst());
        assertEquals(
                List.of("Counted", "Counted", "$deleted"),
                EventsTopic.recordsOf(stream, 3).stream()
                        .map(published -> EventsTopic.headers(published).get("ce_type"))
                        .toList());
    }

    @Test
    void it_can_be_started_again_and_begins_behind_the_tombstone() {
        String stream = freshStream("account");
        appendCounted(stream, 2);
        delete(stream, "").then().statusCode(200);

        append(stream, "[%s,%s]".formatted(EVENT, EVENT), NO_STREAM)
                .then()
                .statusCode(201)
                .header("ETag", "\"5\"")
                .body("firstVersion", is(4));

        get("/v1/streams/" + stream).then().statusCode(200).body("version", is(5));
        get("/v1/streams/" + stream + "/events").then().body("events.version", contains(4, 5));
        get("/v1/streams/" + stream + "/events?direction=backward")
                .then()
                .body("events.version", contains(5, 4));
        get("/v1/streams/" + stream + "/events/2").then().statusCode(404);
        append(stream, EVENT, NO_STREAM).then().statusCode(412).body("actual", is(5));
        append(stream, EVENT, Map.of("If-Match", "\"5\"")).then().statusCode(201);
    }

    @Test
    void a_repeat_of_what_was_appended_before_gets_its_answer_not_410() {
        String stream = freshStream("account");
        String event = "{\"type\":\"A\",\"id\":\"%s\"}".formatted(UUID.randomUUID());
        append(stream, event).then().statusCode(201);
        delete(stream, "").then().statusCode(200);

        append(stream, event).then().statusCode(200).body("version", is(1));
    }

    @Test
    void only_what_is_there_and_as_expected_is_deleted() {
        String stream = freshStream("account");
        delete(stream, "")
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/stream-not-found"));
        appendCounted(stream, 2);

        delete(stream, "", Map.of("If-Match", "\"1\""))
                .then()
                .statusCode(412)
                .body("expected", is(1))
                .body("actual", is(2));
        delete(stream, "", NO_STREAM).then().statusCode(400);
        delete(stream, "?reason=a%00b").then().statusCode(400);
        delete(stream, "?why=x").then().statusCode(400);
        delete(stream, "", Map.of("If-Match", "\"2\"")).then().statusCode(200);
    }

    @Test
    void an_idempotency_key_makes_a_retry_of_a_deletion_safe() {
        String stream = freshStream("account");
        appendCounted(stream, 1);
        Map<String, String> key = Map.of("Idempotency-Key", "delete-1");

        Response first = delete(stream, "", key);
        Response repeat = delete(stream, "", key);

        first.then().statusCode(200).body("duplicate", nullValue());
        repeat.then().statusCode(200).body("duplicate", is(true));
        assertEquals(first.jsonPath().getInt("position"), repeat.jsonPath().getInt("position"));
    }

    @Test
    void conditions_over_deleted_streams_see_the_tombstone_as_no_stream() {
        String deleted = freshStream("account");
        String tag = "account:" + UUID.randomUUID();
        append(deleted, "{\"type\":\"A\",\"tags\":[\"%s\"]}".formatted(tag));
        delete(deleted, "").then().statusCode(200);

        assertEquals(201, requiring(deleted, "\"noStream\""));
        assertEquals(201, requiring(deleted, "0"));
        assertEquals(412, requiring(deleted, "\"exists\""));
        assertEquals(412, requiring(deleted, "2"));
        atomically(
                        "{\"appends\":[{\"stream\":\"%s\",\"events\":[%s]}],\"failIf\":{\"events\":[{\"tags\":[\"%s\"]}],\"after\":0}}"
                                .formatted(freshStream("account"), EVENT, tag))
                .then()
                .statusCode(412);
        atomically("{\"appends\":[{\"stream\":\"%s\",\"events\":[%s]}]}".formatted(deleted, EVENT))
                .then()
                .statusCode(410);
        atomically(
                        "{\"appends\":[{\"stream\":\"%s\",\"expect\":\"noStream\",\"events\":[%s]}]}"
                                .formatted(deleted, EVENT))
                .then()
                .statusCode(201)
                .body("streams.version", contains(3));
    }

    private static int requiring(String stream, String expect) {
        return atomically(
                        "{\"appends\":[{\"stream\":\"%s\",\"events\":[%s]}],\"require\":[{\"stream\":\"%s\",\"expect\":%s}]}"
                                .formatted(freshStream("account"), EVENT, stream, expect))
                .statusCode();
    }

    private static Response atomically(String json) {
        return request().contentType(ContentType.JSON).body(json).post("/v1/append");
    }

    private static Response delete(String stream, String query) {
        return delete(stream, query, Map.of());
    }

    private static Response delete(String stream, String query, Map<String, String> headers) {
        return request().headers(headers).delete("/v1/streams/" + stream + query);
    }
}
