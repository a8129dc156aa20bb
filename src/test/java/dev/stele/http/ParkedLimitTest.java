package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot even be parked stalls its view or publication, until there is room again. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(ParkedLimitTest.SmallLimits.class)
class ParkedLimitTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_KEYS = 2;
    private static final int MAX_WAITING = 3;

    /** A service with little room for what is parked. */
    public static final class SmallLimits implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "stele.parked.max-keys", Integer.toString(MAX_KEYS),
                    "stele.parked.max-waiting", Integer.toString(MAX_WAITING));
        }
    }

    private final String name = "limit-" + UUID.randomUUID();
    private final String view = "/v1/views/" + name;
    private final String publication = "/v1/publications/" + name;

    /** No other test's events are in it. */
    private final String category = "limit" + UUID.randomUUID().toString().replace("-", "");

    @AfterEach
    void delete() {
        request().delete(view);
        request().delete(publication);
    }

    @Test
    void a_view_stalls_before_the_event_that_would_be_one_too_many_to_wait() {
        put(
                view,
                "\"key\": \".stream\", \"initial\": 0, \"on\": {\"Counted\": \"if $event.data == 1"
                        + " then error else . + $event.data end\"}");
        long bad = count("a", "1");
        for (int i = 0; i < MAX_WAITING; i++) {
            count("a", "2");
        }
        get(view + "/entries?consistency=strong").then().statusCode(200);
        get(view).then().body("state", equalTo("live")).body("parkedKeys", is(1));

        long tooMany = count("a", "2");
        long last = count("b", "5");

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get(view)
                                        .then()
                                        .body("state", equalTo("stalled"))
                                        .body("because", containsString("STELE_PARKED_MAX_WAITING"))
                                        .body("since", notNullValue())
                                        .body("position", is((int) tooMany - 1)));
        assertStatusTells("view/", "stalled", "STELE_PARKED_MAX_WAITING", 1);
        skip(view, "a", bad);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get(view)
                                        .then()
                                        .body("state", equalTo("live"))
                                        .body("parkedKeys", is(0)));
        entry("a", last).then().statusCode(200).body("value", is(2 * (MAX_WAITING + 1)));
        entry("b", last).then().statusCode(200).body("value", is(5));
    }

    @Test
    void a_publication_stalls_before_the_event_that_would_park_one_key_too_many() {
        String topic = "limit." + UUID.randomUUID();
        put(publication, "\"topic\": \"%s\", \"value\": \".data + 1\"".formatted(topic));
        long first = count("a", "\"text\"");
        count("b", "\"text\"");
        long tooMany = count("c", "\"text\"");
        long last = count("d", "1");

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get(publication)
                                        .then()
                                        .body("state", equalTo("stalled"))
                                        .body("lastError", containsString("STELE_PARKED_MAX_KEYS"))
                                        .body("position", is((int) tooMany - 1))
                                        .body("parkedKeys", is(MAX_KEYS)));
        assertStatusTells("publication/", "stalled", "STELE_PARKED_MAX_KEYS", MAX_KEYS);
        skip(publication, "a", first);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get(publication)
                                        .then()
                                        .body("state", equalTo("running"))
                                        .body("position", is((int) last))
                                        .body("parkedKeys", is(MAX_KEYS)));
        get(publication + "/parked/" + category + "-c").then().statusCode(200);
        EventsTopic.recordsIn(topic, 1);
    }

    /** The limit is the cause, of the subscription and among what is wrong. */
    private void assertStatusTells(String kind, String state, String limit, int parkedKeys) {
        String of = "find { it.name == '%s' }.".formatted(kind + name);
        String problem = "problems.find { it.what == '%s stands still' }.".formatted(kind + name);
        get("/v1/status")
                .then()
                .statusCode(200)
                .body("subscriptions." + of + "state", equalTo(state))
                .body("subscriptions." + of + "because", containsString(limit))
                .body("subscriptions." + of + "since", notNullValue())
                .body("subscriptions." + of + "parkedKeys", is(parkedKeys))
                .body(problem + "because", containsString(limit))
                .body(problem + "since", notNullValue())
                .body(problem + "hint", containsString("parked keys"));
    }

    private void put(String path, String members) {
        request()
                .contentType(ContentType.JSON)
                .body("{\"source\": {\"categories\": [\"%s\"]}, %s}".formatted(category, members))
                .put(path)
                .then()
                .statusCode(201);
    }

    private long count(String key, String data) {
        return append(category + "-" + key, "{\"type\":\"Counted\",\"data\":%s}".formatted(data))
                .then()
                .statusCode(201)
                .extract()
                .jsonPath()
                .getLong("position");
    }

    private Response entry(String key, long position) {
        return get("%s/entries/%s-%s?minPosition=%d".formatted(view, category, key, position));
    }

    private void skip(String path, String key, long position) {
        request()
                .contentType(ContentType.JSON)
                .body("{\"position\": %d, \"reason\": \"to make room\"}".formatted(position))
                .post("%s/parked/%s-%s/skip".formatted(path, category, key))
                .then()
                .statusCode(200);
    }
}
