package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ViewTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SUM =
            """
            {"source": {"categories": ["%s"]}, "key": ".stream", "initial": {"sum": 0},
             "on": {"Counted": ".sum += $event.data", "Closed": "empty"}}
            """;

    private final List<String> made = new ArrayList<>();

    @AfterEach
    void remove_the_views() {
        made.forEach(view -> request().delete("/v1/views/" + view));
    }

    @Test
    void an_entry_is_the_fold_of_the_events_up_to_the_position_that_its_answer_names() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        String stream = category + "-1";
        appendCounted(stream, 4);
        String view = put(SUM.formatted(category), 201);
        long position = appendCounted(stream, 2).jsonPath().getLong("position");

        Response entry =
                get("/v1/views/%s/entries/%s?minPosition=%d".formatted(view, stream, position));

        entry.then()
                .statusCode(200)
                .header("ETag", notNullValue())
                .body("key", equalTo(stream))
                .body("value.sum", is(13))
                .body("viewVersion", is(1))
                .body("position", is((int) position))
                .body("updatedAt", notNullValue());
        assertTrue(Long.parseLong(entry.header("Stele-Position")) >= position);
    }

    @Test
    void a_strong_read_sees_what_was_appended_before_it() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        String view = put(SUM.formatted(category), 201);
        for (int i = 1; i <= 10; i++) {
            append(category + "-1", "{\"type\":\"Counted\",\"data\":1}");

            get("/v1/views/%s/entries/%s-1?consistency=strong".formatted(view, category))
                    .then()
                    .statusCode(200)
                    .body("value.sum", is(i));
        }
        append(category + "-1", "{\"type\":\"Closed\"}");
        get("/v1/views/%s/entries/%s-1?consistency=strong".formatted(view, category))
                .then()
                .statusCode(404)
                .header("Stele-Position", notNullValue())
                .body("type", equalTo("/problems/entry-not-found"));
    }

    /** The status is read by two statements: what happens between them is held up and done here. */
    @Test
    void a_view_is_found_also_while_another_version_takes_its_name() throws SQLException {
        String view =
                put(SUM.formatted("sum" + UUID.randomUUID().toString().replace("-", "")), 201);
        try (Connection desk = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                Statement sql = desk.createStatement()) {
            desk.setAutoCommit(false);
            sql.execute("lock table stele.subscriptions in access exclusive mode");
            CompletableFuture<Response> read =
                    CompletableFuture.supplyAsync(() -> get("/v1/views/" + view));
            await().atMost(PATIENCE).until(() -> standingsAreAwaited(sql));
            promote(sql, view);
            desk.commit();

            read.join().then().statusCode(200).body("viewVersion", is(2));
        }
    }

    /** What becomes of a version that was built beside the live one, and is as far. */
    private static void promote(Statement sql, String view) throws SQLException {
        sql.execute(
                """
                insert into stele.views (name, version, live, definition)
                select name, 2, false, definition from stele.views where name = '%1$s';
                update stele.subscriptions s set name = 'view/' || new.id, epoch = 0, owner = null, leased_until = now()
                  from stele.views old join stele.views new on new.name = old.name and new.version = 2
                 where old.name = '%1$s' and old.version = 1 and s.name = 'view/' || old.id;
                insert into stele.removed_views (id) select id from stele.views where name = '%1$s' and version = 1;
                delete from stele.views where name = '%1$s' and version = 1;
                update stele.views set live = true, built_at = now() where name = '%1$s'
                """
                        .formatted(view));
    }

    private static boolean standingsAreAwaited(Statement sql) throws SQLException {
        try (ResultSet found =
                sql.executeQuery(
                        "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and query like '%heard.at as heard_at%'")) {
            return found.next();
        }
    }

    @Test
    void entries_come_in_pages_in_the_order_of_their_keys() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        String view = put(SUM.formatted(category), 201);
        List<String> keys = new ArrayList<>();
        for (int i = 10; i < 35; i++) {
            appendCounted(category + "-" + i, 1);
            keys.add(category + "-" + i);
        }

        List<String> found = new ArrayList<>();
        String next = "/v1/views/%s/entries?limit=10&consistency=strong".formatted(view);
        while (next != null) {
            Response page = get(next);
            found.addAll(page.then().statusCode(200).extract().<List<String>>path("entries.key"));
            next = page.jsonPath().getString("next");
        }

        assertEquals(keys, found);
    }

    @Test
    void a_changed_definition_is_built_beside_the_live_one_and_takes_over() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        appendCounted(category + "-1", 3);
        String view = put(SUM.formatted(category), 201);
        put(view, SUM.formatted(category).replace("  ", " "), 200);

        put(view, SUM.formatted(category).replace("$event.data", "10 * $event.data"), 202);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get("/v1/views/" + view)
                                        .then()
                                        .statusCode(200)
                                        .body("viewVersion", is(2))
                                        .body("state", equalTo("live")));
        get("/v1/views/%s/entries/%s-1?consistency=strong".formatted(view, category))
                .then()
                .body("value.sum", is(60))
                .body("viewVersion", is(2));
    }

    @Test
    void nobody_waits_for_events_that_do_not_concern_the_view() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        long own = appendCounted(category + "-1", 1).jsonPath().getLong("position");
        String view = put(SUM.formatted(category), 201);
        get("/v1/views/%s/entries?minPosition=%d".formatted(view, own)).then().statusCode(200);

        for (int i = 0; i < 5; i++) {
            long position = appendCounted(freshStream("other"), 1).jsonPath().getLong("position");
            request()
                    .header("Prefer", "wait=0")
                    .get(
                            "/v1/views/%s/entries/%s-1?minPosition=%d"
                                    .formatted(view, category, position))
                    .then()
                    .statusCode(200)
                    .header(
                            "Stele-Position",
                            (String at) -> Long.parseLong(at),
                            greaterThanOrEqualTo(position));
        }
    }

    @Test
    void no_validator_of_a_view_is_given_again_by_the_next_one_of_its_name() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        appendCounted(category + "-1", 1);
        String view = put(SUM.formatted(category), 201);
        List<String> paths =
                List.of(
                        "/v1/views/%s/entries/%s-1?consistency=strong".formatted(view, category),
                        "/v1/views/%s/entries?consistency=strong".formatted(view));
        List<String> validators = paths.stream().map(path -> get(path).header("ETag")).toList();
        request().delete("/v1/views/" + view).then().statusCode(204);
        put(view, SUM.formatted(category).replace("\"sum\": 0", "\"sum\": 10"), 201);

        for (int i = 0; i < paths.size(); i++) {
            request()
                    .header("If-None-Match", validators.get(i))
                    .get(paths.get(i))
                    .then()
                    .statusCode(200)
                    .body(containsString("\"sum\":11"));
        }
    }

    @Test
    void a_program_that_never_ends_parks_its_own_key_and_no_other() {
        String category = "sum" + UUID.randomUUID().toString().replace("-", "");
        String sum = SUM.formatted(category);
        String endless =
                put(
                        sum.replace(
                                ".sum += $event.data",
                                "if $event.data == 2 then (def f: f; f) else .sum += $event.data"
                                        + " end"),
                        201);
        String failing =
                put(
                        sum.replace(
                                ".sum += $event.data",
                                "if $event.data == 2 then error(\\\"no\\\") else .sum +="
                                        + " $event.data end"),
                        201);
        String sound = put(sum, 201);
        long position = appendCounted(category + "-1", 2).jsonPath().getLong("position");
        appendCounted(category + "-2", 1);

        get("/v1/views/%s/entries/%s-1?consistency=strong".formatted(sound, category))
                .then()
                .statusCode(200)
                .body("value.sum", is(3));
        for (String view : List.of(endless, failing)) {
            get("/v1/views/%s/entries/%s-2?consistency=strong".formatted(view, category))
                    .then()
                    .statusCode(200)
                    .body("value.sum", is(1));
            get("/v1/views/" + view)
                    .then()
                    .body("state", equalTo("live"))
                    .body("parkedKeys", is(1));
            get("/v1/views/%s/parked".formatted(view))
                    .then()
                    .body("parked[0].stream", equalTo(category + "-1"))
                    .body("parked[0].position", is((int) position));
            request()
                    .header("Prefer", "wait=0")
                    .get(
                            "/v1/views/%s/entries/%s-1?minPosition=%d"
                                    .formatted(view, category, position))
                    .then()
                    .statusCode(503)
                    .body("type", equalTo("/problems/not-caught-up"))
                    .body("position", is((int) position - 1))
                    .body("because", containsString(category + "-1"));
        }
    }

    @Test
    void a_definition_that_is_wrong_changes_nothing_and_says_where() {
        String view = "wrong-" + UUID.randomUUID();
        put(view, "{\"key\": \".stream\"}", 400);
        put(view, "{\"key\": \".stream\", \"on\": {\"A\": \".\"}, \"keys\": 1}", 400);
        put(view, "{\"key\": \".stream\", \"on\": {\"A\": \".\"}, \"history\": true}", 400);
        put(view, "{\"key\": \".stream\", \"on\": {\"A\": \". +\"}}", 422)
                .then()
                .body("type", equalTo("/problems/invalid-view"))
                .body("errors[0].pointer", equalTo("/on/A"));
        put(view, "{\"key\": \"env.HOME\", \"on\": {\"A\": \".\"}}", 422);
        put("Wrong", SUM.formatted("x"), 400);

        get("/v1/views/" + view)
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/view-not-found"));
        request().delete("/v1/views/" + view).then().statusCode(404);
    }

    private String put(String definition, int status) {
        String view = "view-" + UUID.randomUUID();
        put(view, definition, status);
        return view;
    }

    private Response put(String view, String definition, int status) {
        made.add(view);
        Response answer =
                request().contentType("application/json").body(definition).put("/v1/views/" + view);
        answer.then().statusCode(status);
        return answer;
    }
}
