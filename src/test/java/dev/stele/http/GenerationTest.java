package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.getCloudEvents;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log's generation does to answers, and for how long they may be kept. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class GenerationTest {

    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ANSWERED = "Stele-Generation";

    private final String stream = freshStream("generation");
    private long before;
    private int generation;

    @BeforeEach
    void append_three_events() {
        before = get("/v1/log").jsonPath().getLong("head");
        appendCounted(stream, 3);
        generation = get("/v1/log").jsonPath().getInt("generation");
    }

    @Test
    void a_full_page_of_the_log_as_stored_in_its_generation_may_be_kept_for_ever() {
        Response page = get(page(2) + kept());

        page.then()
                .statusCode(200)
                .header("Cache-Control", FOR_EVER)
                .header("ETag", startsWith("\"" + generation + "-"))
                .header("Vary", "Accept, Accept-Encoding");
        String next = page.jsonPath().getString("next");
        assertTrue(next.contains(kept()), next);
        page.then().header("Link", "<" + next + ">; rel=\"next\"");
        get(next).then().statusCode(200).header("Cache-Control", "no-cache");
    }

    @Test
    void nothing_else_may_be() {
        for (String path :
                List.of(
                        page(2),
                        page(2) + "&schema=stored",
                        page(2) + "&generation=" + generation,
                        page(2) + "&schema=latest&generation=" + generation,
                        page(1000) + kept(),
                        "/v1/events?direction=backward&limit=2" + kept(),
                        "/v1/streams/" + stream + "/events?limit=2" + kept(),
                        "/v1/streams/"
                                + stream
                                + "/events/1?schema=stored&generation="
                                + generation,
                        "/v1/log?generation=" + generation)) {
            get(path)
                    .then()
                    .statusCode(200)
                    .header("Cache-Control", "no-cache")
                    .header("ETag", startsWith("\"" + generation + "-"));
        }
    }

    @Test
    void the_next_page_of_a_stream_is_of_the_generation_that_was_asked_for() {
        String next =
                get("/v1/streams/" + stream + "/events?limit=2" + kept())
                        .jsonPath()
                        .getString("next");

        assertTrue(next.contains(kept()), next);
    }

    @Test
    void a_reader_who_has_the_page_gets_304_for_as_long() {
        String etag = get(page(2) + kept()).header("ETag");

        request()
                .header("If-None-Match", etag)
                .get(page(2) + kept())
                .then()
                .statusCode(304)
                .header("ETag", etag)
                .header("Cache-Control", FOR_EVER);
    }

    @Test
    void each_representation_has_an_etag_of_its_own() {
        Response cloudEvents = getCloudEvents(page(2) + kept());

        cloudEvents.then().header("Cache-Control", FOR_EVER);
        assertNotEquals(get(page(2) + kept()).header("ETag"), cloudEvents.header("ETag"));
    }

    @Test
    void whoever_names_another_generation_is_told_the_current_one() {
        for (String path :
                List.of(
                        "/v1/log?minPosition=0",
                        page(2),
                        "/v1/streams/" + stream + "?minPosition=0",
                        "/v1/streams/" + stream + "/events?minPosition=0",
                        "/v1/streams/" + stream + "/events/1?minPosition=0",
                        "/v1/views/no-such-view/entries?minPosition=0",
                        "/v1/views/no-such-view/entries/a?minPosition=0")) {
            assertGone(get(path + "&generation=" + (generation + 1)));
            assertGone(get(path + "&generation=0"));
            assertGone(request().header("Stele-Min-Generation", generation + 1).get(path));
        }
        get(page(2) + "&generation=x").then().statusCode(400);
        request().header("Stele-Min-Generation", "x").get(page(2)).then().statusCode(400);
        request().header("Stele-Min-Generation", generation).get(page(2)).then().statusCode(200);
    }

    @Test
    void an_append_that_names_another_generation_does_not_happen() {
        String event = "{\"type\":\"Counted\",\"data\":4}";

        assertGone(append(stream, event, Map.of("Stele-Min-Generation", "" + (generation + 1))));
        append(stream, event, Map.of("Stele-Min-Generation", "" + generation))
                .then()
                .statusCode(201)
                .body("version", is(4));
    }

    @Test
    void every_answer_with_a_position_says_of_which_generation() {
        appendCounted(stream, 1)
                .then()
                .statusCode(201)
                .header(ANSWERED, String.valueOf(generation));
        get("/v1/publications/events").then().header(ANSWERED, String.valueOf(generation));
    }

    @Test
    void a_log_that_comes_to_another_generation_says_so_at_once() throws SQLException {
        String kept = page(2) + kept();
        String etag = get(kept).header("ETag");
        raise();
        int now = generation + 1;

        request()
                .header("If-None-Match", etag)
                .get(kept)
                .then()
                .statusCode(410)
                .body("type", equalTo("/problems/generation-gone"))
                .body("generation", is(now));
        appendCounted(stream, 1).then().header(ANSWERED, String.valueOf(now));
        get(page(2) + "&schema=stored&generation=" + now)
                .then()
                .statusCode(200)
                .header("Cache-Control", FOR_EVER);
        assertGone(get("/v1/streams/" + stream + "?generation=" + generation), now);
        assertNotEquals(etag, get(page(2)).header("ETag"));
    }

    @Test
    void a_replica_that_only_reads_learns_of_another_generation_as_well() throws SQLException {
        String path = "/v1/streams/" + stream + "/events/1";
        String etag = get(path).header("ETag");
        raise();

        await().until(() -> !get(path).header("ETag").equals(etag));
    }

    private void raise() throws SQLException {
        try (var connection = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                var statement = connection.createStatement()) {
            assertEquals(
                    1, statement.executeUpdate("update stele.log set generation = generation + 1"));
        }
    }

    private String page(int limit) {
        return "/v1/events?after=%d&limit=%d".formatted(before, limit);
    }

    private String kept() {
        return "&schema=stored&generation=" + generation;
    }

    private void assertGone(Response answer) {
        assertGone(answer, generation);
    }

    private static void assertGone(Response answer, int current) {
        answer.then()
                .statusCode(410)
                .header(ANSWERED, String.valueOf(current))
                .body("type", equalTo("/problems/generation-gone"))
                .body("generation", is(current));
    }
}
