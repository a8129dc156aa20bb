package dev.stele.view;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.HeldSubscription;
import dev.stele.testing.HeldSubscription.End;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The updater of a view ends before and after each write of parking, of a retry and of a skip, and
 * the next one, or itself, goes on: the view is its fold, but for what is parked or skipped.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ParkedKillTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What only the statement that writes entries says of itself. */
    private static final String WRITES = "$5 where it goes, $6 view";

    private final String name = "killed-" + UUID.randomUUID();
    private final String category = "killed" + UUID.randomUUID().toString().replace("-", "");
    private final String stream = category + "-1";
    private final String other = category + "-2";
    private final String parked = "/v1/views/" + name + "/parked";
    private String subscription = "";

    @BeforeEach
    void define() {
        request()
                .contentType(ContentType.JSON)
                .body(
                        """
                        {"source": {"categories": ["%s"]}, "key": ".stream", "initial": [],
                         "on": {"Counted": "if $event.data == \\"bad\\" then error(\\"bad\\") else . + [$event.data] end"}}
                        """
                                .formatted(category))
                .put("/v1/views/" + name)
                .then()
                .statusCode(201);
        requireEntry(stream, count(stream, "0"), List.of(0));
        String id =
                HeldSubscription.ask("select id from stele.views where name = ? and live", name);
        subscription = ViewUpdater.subscription(Integer.parseInt(id));
    }

    @AfterEach
    void delete() {
        request().delete("/v1/views/" + name);
    }

    @ParameterizedTest
    @EnumSource
    void before_what_is_parked_is_written(End end) {
        long bad;
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            bad = count(stream, "1", "\"bad\"", "3") - 1;
            HeldSubscription.awaitWaiting(WRITES);
            assertEquals(0, parkedEvents());
            held.end(end, WRITES);
        }
        requireParkedAt(bad, 1, List.of(0, 1));
        skip(bad);
        requireAllFolded(bad);
    }

    @Test
    void after_what_is_parked_is_written() {
        long bad = parkedAndCaughtUp();
        lose();
        requireParkedAt(bad, 1, List.of(0, 1));
        skip(bad);
        requireAllFolded(bad);
    }

    @Test
    void between_the_skip_and_the_retry() {
        long bad = parkedAndCaughtUp();
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            held.keepLease();
        }
        skip(bad);
        get(parked + "/" + stream).then().statusCode(200).body("retrying", equalTo(true));
        lose();
        requireAllFolded(bad);
    }

    @ParameterizedTest
    @EnumSource
    void before_what_waited_is_written(End end) {
        long bad = parkedAndCaughtUp();
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            skip(bad);
            HeldSubscription.awaitWaiting(WRITES);
            assertEquals(1, parkedEvents());
            held.end(end, WRITES);
        }
        requireAllFolded(bad);
    }

    @Test
    void after_what_waited_is_written() {
        long bad = parkedAndCaughtUp();
        skip(bad);
        await().atMost(PATIENCE).until(() -> parkedEvents() == 0);
        lose();
        requireAllFolded(bad);
    }

    @ParameterizedTest
    @EnumSource
    void while_what_waits_fails_anew(End end) {
        long bad = count(stream, "1", "\"bad\"", "3", "\"bad\"", "5") - 3;
        requireParkedAt(bad, 3, List.of(0, 1));
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            skip(bad);
            HeldSubscription.awaitWaiting(WRITES);
            held.end(end, WRITES);
        }
        requireParkedAt(bad + 2, 1, List.of(0, 1, 3));
        skip(bad + 2);
        await().atMost(PATIENCE).until(() -> parkedEvents() == 0);
        requireEntry(stream, bad + 3, List.of(0, 1, 3, 5));
        assertEquals(List.of((int) bad, (int) bad + 2), skipped());
    }

    @ParameterizedTest
    @EnumSource
    void while_it_fails_at_the_same_event_again(End end) {
        long bad = parkedAndCaughtUp();
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            request().post(parked + "/" + stream + "/retry").then().statusCode(202);
            HeldSubscription.awaitWaiting(WRITES);
            held.end(end, WRITES);
        }
        await().atMost(PATIENCE)
                .until(() -> get(parked + "/" + stream).jsonPath().getInt("attempts") == 2);
        requireParkedAt(bad, 1, List.of(0, 1));
        skip(bad);
        requireAllFolded(bad);
    }

    @Test
    void a_skip_that_waited_for_a_retry_is_recorded_or_refused() throws Exception {
        long bad = parkedAndCaughtUp();
        CompletableFuture<Response> skip;
        try (Connection retry = DriverManager.getConnection(TestServers.postgres().jdbcUrl())) {
            retry.setAutoCommit(false);
            parkAnew(retry, bad);
            skip = CompletableFuture.supplyAsync(() -> askToSkip(bad));
            HeldSubscription.awaitWaiting("Leaves one event out for one key");
            retry.commit();
        }
        if (skip.join().statusCode() != 200) {
            skip.join().then().statusCode(503).body("type", equalTo("/problems/key-not-settled"));
            assertEquals(List.of(), skipped());
            skip(bad);
        }
        requireAllFolded(bad);
    }

    /** What a retry that fails at the same event does. */
    private void parkAnew(Connection connection, long bad) throws SQLException {
        try (PreparedStatement park =
                connection.prepareStatement(
                        """
                        select stele.park(k.subscription, array[k.key], array[k.position], array[k.key], array[k.position],
                                          array[k.event_id], array[k.stream], array[k.type], array[k.by_stream], array[k.error],
                                          array[k.key], array[k.position], array[false], '{}')
                          from stele.parked_keys k where k.subscription = ? and k.position = ?
                        """)) {
            park.setString(1, subscription);
            park.setLong(2, bad);
            park.execute();
        }
    }

    private void lose() {
        try (HeldSubscription held = HeldSubscription.hold(subscription)) {
            held.takeLease();
        }
    }

    /** 1 is folded, the next is parked, 3 waits behind it, and 4 is another stream's. */
    private long parkedAndCaughtUp() {
        long bad = count(stream, "1", "\"bad\"", "3") - 1;
        requireEntry(other, count(other, "4"), List.of(4));
        return bad;
    }

    private void requireAllFolded(long bad) {
        await().atMost(PATIENCE).until(() -> parkedEvents() == 0);
        requireEntry(stream, count(stream, "6"), List.of(0, 1, 3, 6));
        assertEquals(List.of((int) bad), skipped());
        get("/v1/views/" + name)
                .then()
                .body("state", equalTo("live"))
                .body("parkedKeys", equalTo(0));
    }

    private void requireParkedAt(long bad, int waiting, List<Integer> fold) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                get("/v1/views/" + name).jsonPath().getLong("position")
                                                >= bad + waiting
                                        && List.of((int) bad)
                                                .equals(get(parked).path("parked.position")));
        get(parked)
                .then()
                .statusCode(200)
                .body("parked.key", equalTo(List.of(stream)))
                .body("parked.waiting", equalTo(List.of(waiting)))
                .body("parked.retrying", equalTo(List.of(false)));
        get("/v1/views/%s/entries/%s".formatted(name, stream))
                .then()
                .statusCode(200)
                .body("value", equalTo(fold))
                .body("parkedAt", equalTo((int) bad));
    }

    private void requireEntry(String key, long position, List<Integer> fold) {
        request()
                .header("Prefer", "wait=30")
                .get("/v1/views/%s/entries/%s?minPosition=%d".formatted(name, key, position))
                .then()
                .statusCode(200)
                .body("value", equalTo(fold));
    }

    private long parkedEvents() {
        return Long.parseLong(
                HeldSubscription.ask(
                        "select count(*) from stele.parked_events where subscription = ?",
                        subscription));
    }

    private List<Integer> skipped() {
        return get("/v1/views/" + name + "/skipped").path("skipped.position");
    }

    /** In one append; the position of the last. */
    private static long count(String stream, String... data) {
        String events =
                String.join(
                        ",",
                        List.of(data).stream()
                                .map("{\"type\":\"Counted\",\"data\":%s}"::formatted)
                                .toList());
        Response appended = append(stream, "[" + events + "]", Map.of());
        appended.then().statusCode(201);
        return Long.parseLong(appended.header("Stele-Position"));
    }

    private void skip(long position) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            Response answer = askToSkip(position);
                            assertTrue(
                                    List.of(200, 503).contains(answer.statusCode()),
                                    answer.asString());
                            return answer.statusCode() == 200;
                        });
    }

    private Response askToSkip(long position) {
        return request()
                .contentType(ContentType.JSON)
                .body("{\"position\": %d, \"reason\": \"a joke\"}".formatted(position))
                .post(parked + "/" + stream + "/skip");
    }
}
