package dev.stele.http;

import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.Api;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot be folded parks its key, and whoever operates the view sees to it. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ParkedViewTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_KEYS = 1_000;

    private final String category = "parked" + UUID.randomUUID().toString().replace("-", "");
    private final String view = "parked-" + UUID.randomUUID();
    private final String parked = "/v1/views/" + view + "/parked";

    @AfterEach
    void remove_the_view() {
        request().delete("/v1/views/" + view);
    }

    @Test
    void one_event_that_fails_parks_its_key_and_all_others_go_on() {
        put(".stream", ".n += $event.data.x");
        count("a", "1");
        long bad = count("a", "\"text\"");
        count("a", "2");
        count("b", "5");

        entry("b", "consistency=strong").then().statusCode(200).body("value.n", is(5));
        Response behind = entry("a", "");
        behind.then()
                .statusCode(200)
                .header("Stele-Position", Long.toString(bad - 1))
                .body("value.n", is(1))
                .body("parkedAt", is((int) bad));
        get("/v1/views/" + view)
                .then()
                .body("state", equalTo("live"))
                .body("parkedKeys", is(1))
                .body("because", nullValue());
        get(parked)
                .then()
                .statusCode(200)
                .body("parked", hasSize(1))
                .body("parked[0].key", equalTo(category + "-a"))
                .body("parked[0].position", is((int) bad))
                .body("parked[0].eventId", notNullValue())
                .body("parked[0].stream", equalTo(category + "-a"))
                .body("parked[0].type", equalTo("Counted"))
                .body("parked[0].error", notNullValue())
                .body("parked[0].attempts", is(1))
                .body("parked[0].since", notNullValue())
                .body("parked[0].waiting", is(1))
                .body("next", nullValue());
    }

    @Test
    void how_many_keys_are_parked_is_a_metric_as_long_as_the_view_is_there() {
        long others = parkedMetric();
        put(".stream", "error(\"no\")");
        count("a", "1");
        count("b", "1");
        caughtUp();
        await().atMost(PATIENCE).until(() -> parkedMetric() == others + 2);

        request().delete("/v1/views/" + view).then().statusCode(204);

        await().atMost(PATIENCE).until(() -> parkedMetric() == others);
    }

    @Test
    void a_read_beyond_a_parked_event_is_refused_at_once_and_says_what_to_do() {
        put(".stream", ".n += $event.data.x");
        count("a", "1");
        long bad = count("a", "\"text\"");
        caughtUp();

        entry("a", "minPosition=" + (bad - 1)).then().statusCode(200);
        request()
                .header("Prefer", "wait=30")
                .get(entryPath("a") + "?consistency=strong")
                .then()
                .statusCode(503)
                .body("type", equalTo("/problems/not-caught-up"))
                .body("position", is((int) bad - 1))
                .body("because", containsString("event %d (Counted)".formatted(bad)))
                .body("because", containsString("/parked/%s-a/retry".formatted(category)));
        get("/v1/views/%s/entries?consistency=strong".formatted(view))
                .then()
                .statusCode(200)
                .body("entries[0].parkedAt", is((int) bad));
    }

    @Test
    void a_read_waits_as_long_as_the_key_is_to_be_tried_again() throws SQLException {
        put(".stream", ".n += $event.data.x");
        long bad = count("a", "\"text\"");
        caughtUp();
        wantRetryWithoutTelling("a");

        request()
                .header("Prefer", "wait=30")
                .get(entryPath("a") + "?minPosition=" + bad)
                .then()
                .statusCode(503)
                .header("Preference-Applied", "wait=30");

        get(parked + "/" + category + "-a").then().body("attempts", is(2));
    }

    @Test
    void a_key_that_is_parked_before_it_has_an_entry_has_none_as_of_then() {
        put(".stream", ".n += $event.data.x");
        long bad = count("a", "\"text\"");
        caughtUp();

        entry("a", "")
                .then()
                .statusCode(404)
                .header("Stele-Position", Long.toString(bad - 1))
                .body("type", equalTo("/problems/entry-not-found"))
                .body("detail", containsString("parked"));
        entry("a", "minPosition=" + bad).then().statusCode(503);
    }

    @Test
    void a_retry_when_nothing_has_changed_fails_again() {
        put(".stream", ".n += $event.data.x");
        long bad = count("a", "\"text\"");
        count("a", "2");
        caughtUp();

        post(parked + "/" + category + "-a/retry", 202).then().body("retried", is(1));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get(parked + "/" + category + "-a")
                                        .then()
                                        .statusCode(200)
                                        .body("attempts", is(2))
                                        .body("retrying", is(false))
                                        .body("position", is((int) bad))
                                        .body("waiting", is(1)));
        post(parked + "/retry", 202).then().body("retried", is(1));
        await().atMost(PATIENCE)
                .until(() -> get(parked + "/" + category + "-a").path("attempts").equals(3));
    }

    @Test
    void what_waited_behind_a_skipped_event_is_folded_in_order() {
        put(".stream", ".n = .n * 10 + $event.data.x");
        count("a", "1");
        long bad = count("a", "\"text\"");
        count("a", "2");
        long worse = count("a", "\"text\"");
        long last = count("a", "3");
        caughtUp();
        String first = entry("a", "").header("ETag");
        String page = get("/v1/views/%s/entries".formatted(view)).header("ETag");

        skip("a", bad, "the sender was wrong").then().statusCode(200);

        await().atMost(PATIENCE)
                .until(
                        () ->
                                get(parked + "/" + category + "-a")
                                        .path("position")
                                        .equals((int) worse));
        Response between = entry("a", "");
        between.then().header("Stele-Position", Long.toString(worse - 1)).body("value.n", is(12));
        assertNotEquals(first, between.header("ETag"));
        assertNotEquals(page, get("/v1/views/%s/entries".formatted(view)).header("ETag"));
        skip("a", worse, "again").then().statusCode(200);
        entry("a", "minPosition=" + last)
                .then()
                .statusCode(200)
                .body("value.n", is(123))
                .body("parkedAt", nullValue());
        await().atMost(PATIENCE).until(() -> parkedKeys() == 0);
        get("/v1/views/" + view + "/skipped?limit=1")
                .then()
                .statusCode(200)
                .body("skipped", hasSize(1))
                .body("skipped[0].key", equalTo(category + "-a"))
                .body("skipped[0].position", is((int) bad))
                .body("skipped[0].reason", equalTo("the sender was wrong"))
                .body("skipped[0].viewVersion", is(1))
                .body("skipped[0].skippedAt", notNullValue())
                .body("next", notNullValue());
    }

    @Test
    void what_was_skipped_is_told_also_when_the_view_is_gone() {
        put(".stream", ".n += $event.data.x");
        String skipped = "/v1/views/" + view + "/skipped";
        get(skipped).then().statusCode(200).body("skipped", empty());
        long bad = count("a", "\"text\"");
        caughtUp();
        skip("a", bad, "for ever").then().statusCode(200);
        request().delete("/v1/views/" + view).then().statusCode(204);

        get(skipped).then().statusCode(200).body("skipped.reason", equalTo(List.of("for ever")));
        get("/v1/views/never-" + UUID.randomUUID() + "/skipped")
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/view-not-found"));
        get(parked).then().statusCode(404).body("type", equalTo("/problems/view-not-found"));
    }

    @Test
    void only_the_parked_event_can_be_skipped_and_only_with_a_reason() {
        put(".stream", ".n += $event.data.x");
        count("a", "1");
        long bad = count("a", "\"text\"");
        long last = count("a", "1");
        caughtUp();

        skip("a", last, "wrong one")
                .then()
                .statusCode(409)
                .body("type", equalTo("/problems/other-event-parked"))
                .body("position", is((int) bad));
        skipWith("a", "{\"position\": %d}".formatted(bad))
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/reason"));
        skip("a", bad, " ").then().statusCode(400);
        skipWith("a", "{\"reason\": \"why\"}")
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/position"));
        skipWith("a", "{\"position\": %d, \"reason\": \"why\", \"more\": 1}".formatted(bad))
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("/more"));
        skipWith("a", "[]").then().statusCode(400);
        skip("a", bad, "x".repeat(1_001))
                .then()
                .statusCode(413)
                .body("limit", equalTo("skip-reason-chars"));
        skip("b", bad, "not parked")
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/key-not-parked"));
        get(parked + "/b").then().statusCode(404);
        post(parked + "/b/retry", 404).then().body("type", equalTo("/problems/key-not-parked"));
        get(parked + "/%00").then().statusCode(400);
        get(parked).then().body("parked.position", equalTo(List.of((int) bad)));
    }

    @Test
    void an_event_of_several_keys_is_parked_for_those_that_fail_only() {
        put(".data.keys[]", "if $key == \"bad\" then error(\"no\") else .n += 1 end");
        long position =
                append(
                        "x",
                        "{\"type\":\"Counted\",\"data\":{\"keys\":[\"one\",\"bad\",\"other\"]}}");
        append("x", "{\"type\":\"Counted\",\"data\":{\"keys\":[\"bad\",\"other\"]}}");
        caughtUp();

        get("/v1/views/%s/entries/other".formatted(view)).then().body("value.n", is(2));
        get(parked)
                .then()
                .body("parked.key", equalTo(List.of("bad")))
                .body("parked.position", equalTo(List.of((int) position)))
                .body("parked.waiting", equalTo(List.of(1)));
        get("/v1/views/" + view).then().body("entries", is(2));
    }

    @Test
    void an_event_without_a_key_parks_the_id_of_its_stream() {
        put(".data.key", ".n += 1");
        append("a", "{\"type\":\"Counted\",\"data\":{\"key\":\"one\"}}");
        long bad = append("a", "{\"type\":\"Counted\",\"data\":{\"key\":1}}");
        append("a", "{\"type\":\"Counted\",\"data\":{\"key\":\"one\"}}");
        append("b", "{\"type\":\"Counted\",\"data\":{\"key\":\"one\"}}");
        caughtUp();

        get("/v1/views/%s/entries/one".formatted(view)).then().body("value.n", is(2));
        get(parked)
                .then()
                .body("parked.key", equalTo(List.of(category + "-a")))
                .body("parked[0].error", containsString("key: "))
                .body("parked[0].waiting", is(1));
        skip("a", bad, "it had no key").then().statusCode(200);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                get("/v1/views/%s/entries/one".formatted(view))
                                        .path("value.n")
                                        .equals(3));
        assertEquals(0, parkedKeys());
    }

    @Test
    void keys_may_have_any_characters() {
        put(".data.key", "error(\"no\")");
        List<String> keys = List.of("a b", "a%2Fb", "a/b", "retry", "ä→😀", "?x=1#y", "..%", "+");
        for (String key : keys) {
            append("x", "{\"type\":\"Counted\",\"data\":{\"key\":\"%s\"}}".formatted(key));
        }
        caughtUp();

        List<String> found = new ArrayList<>();
        String next = parked + "?limit=3";
        while (next != null) {
            Response page = get(next);
            found.addAll(page.then().statusCode(200).extract().<List<String>>path("parked.key"));
            next = page.jsonPath().getString("next");
            assertEquals(next == null, page.header("Link") == null);
        }
        assertEquals(keys.size(), found.size());
        assertTrue(found.containsAll(keys), found.toString());
        for (String key : keys) {
            String path = parked + "/" + PathNames.encode(key);
            get(path).then().statusCode(200).body("key", equalTo(key)).body("attempts", is(1));
            post(path + "/retry", 202);
            await().atMost(PATIENCE).until(() -> get(path).path("attempts").equals(2));
        }
        String retry = parked + "/retry";
        int position = get(retry).path("position");
        skipAt(retry, "{\"position\": %d, \"reason\": \"ä 😀\"}".formatted(position))
                .then()
                .statusCode(200);
        await().atMost(PATIENCE).until(() -> get(retry).statusCode() == 404);
        assertEquals(keys.size() - 1, parkedKeys());
    }

    @Test
    void a_view_with_as_many_parked_keys_as_there_may_be_stalls_and_says_so_until_one_is_skipped() {
        put(".stream", "if $event.data.x == 1 then error(\"no\") else .n = 7 end");
        List<Long> positions = new ArrayList<>();
        positions.addAll(countInStreams(0, MAX_KEYS / 2));
        positions.addAll(countInStreams(MAX_KEYS / 2, MAX_KEYS + 1));
        long last = count("sound", "2");

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get("/v1/views/" + view)
                                        .then()
                                        .body("state", equalTo("stalled"))
                                        .body("because", containsString("STELE_PARKED_MAX_KEYS"))
                                        .body("since", notNullValue())
                                        .body("parkedKeys", is(MAX_KEYS)));
        request()
                .header("Prefer", "wait=0")
                .get(entryPath("sound") + "?minPosition=" + last)
                .then()
                .statusCode(503)
                .body("because", containsString("STELE_PARKED_MAX_KEYS"));

        skip("0", positions.getFirst(), "to go on").then().statusCode(200);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get("/v1/views/" + view)
                                        .then()
                                        .body("state", not(equalTo("stalled")))
                                        .body("parkedKeys", is(MAX_KEYS)));
        entry("sound", "minPosition=" + last).then().statusCode(200).body("value.n", is(7));
    }

    private void put(String key, String handler) {
        request()
                .contentType(ContentType.JSON)
                .body(
                        "{\"source\": {\"categories\": [\"%s\"]}, \"key\": \"%s\", \"initial\": {\"n\": 0}, \"on\": {\"Counted\": \"%s\"}}"
                                .formatted(category, key, handler.replace("\"", "\\\"")))
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
    }

    private long count(String key, String x) {
        return append(key, "{\"type\":\"Counted\",\"data\":{\"x\":%s}}".formatted(x));
    }

    private long append(String key, String event) {
        return Api.append(category + "-" + key, event)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getLong("position");
    }

    /** One event that fails in each of these streams. */
    private List<Long> countInStreams(int from, int until) {
        List<String> parts =
                IntStream.range(from, until)
                        .mapToObj(
                                i ->
                                        "{\"stream\":\"%s-%d\",\"events\":[{\"type\":\"Counted\",\"data\":{\"x\":1}}]}"
                                                .formatted(category, i))
                        .toList();
        return request()
                .contentType(ContentType.JSON)
                .body("{\"appends\": [%s]}".formatted(String.join(",", parts)))
                .post("/v1/append")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getList("streams.position", Long.class);
    }

    /** As another replica does: the one that runs the view finds it in its next round. */
    private void wantRetryWithoutTelling(String key) throws SQLException {
        try (Connection database = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                PreparedStatement update =
                        database.prepareStatement(
                                "update stele.parked_keys set retry = true where key = ?")) {
            update.setString(1, category + "-" + key);
            assertEquals(1, update.executeUpdate());
        }
    }

    private String entryPath(String key) {
        return "/v1/views/%s/entries/%s-%s".formatted(view, category, key);
    }

    private Response entry(String key, String query) {
        return get(entryPath(key) + (query.isEmpty() ? "" : "?" + query));
    }

    /** All that was appended is handled, or parked. */
    private void caughtUp() {
        get("/v1/views/%s/entries?limit=1&consistency=strong".formatted(view))
                .then()
                .statusCode(200);
    }

    private Response skip(String key, long position, String reason) {
        return skipWith(key, "{\"position\": %d, \"reason\": \"%s\"}".formatted(position, reason));
    }

    private Response skipWith(String key, String body) {
        return skipAt(parked + "/" + category + "-" + key, body);
    }

    private static Response skipAt(String path, String body) {
        return request().contentType(ContentType.JSON).body(body).post(path + "/skip");
    }

    private static Response post(String path, int status) {
        Response answer = request().post(path);
        answer.then().statusCode(status);
        return answer;
    }

    private int parkedKeys() {
        return get("/v1/views/" + view).path("parkedKeys");
    }

    /** Of all views: the metric does not tell their names. */
    private static long parkedMetric() {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("stele_subscription_parked_keys{"))
                .filter(line -> line.contains("view/"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                .sum();
    }
}
