package dev.stele.http;

import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.eventsOf;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ReadTest {

    @Test
    void the_pages_of_a_stream_are_its_events_in_order() {
        String stream = freshStream("read");
        appendCounted(stream, 25);

        List<Integer> forward = walk("/v1/streams/" + stream + "/events?limit=10");
        List<Integer> backward =
                walk("/v1/streams/" + stream + "/events?limit=10&direction=backward");

        assertEquals(IntStream.rangeClosed(1, 25).boxed().toList(), forward);
        assertEquals(forward.reversed(), backward);
    }

    @Test
    void the_pages_of_the_log_are_all_events_in_order() {
        long before = get("/v1/log").jsonPath().getLong("head");
        String stream = freshStream("read");
        appendCounted(stream, 25);

        assertEquals(
                IntStream.rangeClosed(1, 25).boxed().toList(),
                walk("/v1/events?limit=10&after=" + before));
        Response newest = get("/v1/events?direction=backward&limit=3");
        assertEquals(List.of(25, 24, 23), eventsOf(newest, "data"));
    }

    @Test
    void a_page_is_full_when_it_has_a_next_one_which_may_be_empty() {
        String stream = freshStream("read");
        appendCounted(stream, 10);

        Response full = get("/v1/streams/" + stream + "/events?limit=10");
        String next = full.jsonPath().getString("next");

        full.then().header("Link", "<" + next + ">; rel=\"next\"");
        get(next).then().statusCode(200).body("events", empty()).body("next", nullValue());
        get("/v1/streams/" + stream + "/events?limit=11").then().body("next", nullValue());
    }

    @Test
    void what_is_beyond_the_head_is_an_empty_page() {
        String stream = freshStream("read");
        appendCounted(stream, 1);

        get("/v1/streams/" + stream + "/events?from=2")
                .then()
                .statusCode(200)
                .body("events", empty());
        get("/v1/events?after=9007199254740991").then().statusCode(200).body("events", empty());
    }

    @Test
    void a_stream_that_does_not_exist_is_not_found() {
        String stream = freshStream("read");

        for (String path : List.of("", "/events", "/events/1")) {
            get("/v1/streams/" + stream + path)
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("/problems/stream-not-found"));
        }
    }

    @Test
    void an_event_that_does_not_exist_is_not_found() {
        String stream = freshStream("read");
        appendCounted(stream, 1);

        get("/v1/streams/" + stream + "/events/2")
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/event-not-found"));
        get("/v1/events/00000000-0000-7000-8000-000000000000")
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/event-not-found"));
    }

    @Test
    void a_stream_says_its_version_and_when_it_was_written() {
        String stream = freshStream("read");
        appendCounted(stream, 2);

        get("/v1/streams/" + stream)
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("stream", equalTo(stream))
                .body("version", is(2))
                .body("createdAt", notNullValue())
                .body("lastAppendedAt", notNullValue());
    }

    @Test
    void a_reader_who_has_the_answer_already_gets_304() {
        String stream = freshStream("read");
        appendCounted(stream, 3);
        for (String path : List.of("/v1/streams/" + stream, "/v1/streams/" + stream + "/events")) {
            String etag = get(path).header("ETag");

            request().header("If-None-Match", "\"x\", " + etag).get(path).then().statusCode(304);
        }
        appendCounted(stream, 1);
        request()
                .header("If-None-Match", "\"3\"")
                .get("/v1/streams/" + stream)
                .then()
                .statusCode(200)
                .header("ETag", "\"4\"");
    }

    @Test
    void head_answers_every_read_as_get_does_without_a_body() {
        String stream = freshStream("read");
        String id = appendCounted(stream, 1).jsonPath().getString("ids[0]");

        for (String path :
                List.of(
                        "/v1/log",
                        "/v1/events?limit=1",
                        "/v1/events/" + id,
                        "/v1/streams/" + stream,
                        "/v1/streams/" + stream + "/events",
                        "/v1/streams/" + stream + "/events/1",
                        "/v1/views",
                        "/v1/publications",
                        "/v1/publications/events",
                        "/v1/asyncapi")) {
            Response head = request().head(path);

            head.then()
                    .statusCode(200)
                    .header("Content-Type", get(path).contentType())
                    .header("ETag", notNullValue())
                    .header("Cache-Control", "no-cache")
                    .header("Vary", "Accept, Accept-Encoding");
            assertEquals("", head.asString());
        }
        request().head("/v1/events/" + UUID.randomUUID()).then().statusCode(404);
    }

    @Test
    void a_read_waits_for_the_position_that_it_is_to_reflect() {
        long head = get("/v1/log").jsonPath().getLong("head");
        CompletableFuture<Response> read =
                CompletableFuture.supplyAsync(() -> get("/v1/log?minPosition=" + (head + 1)));
        appendCounted(freshStream("read"), 1);

        read.join().then().statusCode(200);
    }

    @Test
    void a_position_that_does_not_come_in_time_is_said_to_be_missing() {
        request()
                .header("Prefer", "wait=0")
                .header("Stele-Min-Position", "9007199254740991")
                .get("/v1/log")
                .then()
                .statusCode(503)
                .header("Retry-After", notNullValue())
                .header("Preference-Applied", "wait=0")
                .body("type", equalTo("/problems/not-caught-up"))
                .body("because", notNullValue())
                .body("position", notNullValue());
    }

    @Test
    void mistakes_in_the_query_are_refused() {
        String stream = freshStream("read");
        appendCounted(stream, 1);
        for (String query :
                List.of(
                        "limit=0",
                        "limit=1001",
                        "limit=x",
                        "limit=1&limit=2",
                        "form=1",
                        "from=-1",
                        "from=9007199254740992",
                        "direction=up",
                        "schema=newest",
                        "minPosition=x",
                        "consistency=weak")) {
            get("/v1/streams/" + stream + "/events?" + query)
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("/problems/invalid-request"));
        }
        get("/v1/events?before=3").then().statusCode(400);
        get("/v1/events?direction=backward&after=3").then().statusCode(400);
    }

    /** The data of all events from a page on, by the links between the pages. */
    private static List<Integer> walk(String path) {
        List<Integer> found = new ArrayList<>();
        String next = path;
        while (next != null) {
            Response page = get(next);
            found.addAll(eventsOf(page, "data"));
            next = page.jsonPath().getString("next");
        }
        return found;
    }
}
