package dev.stele.http;

import static dev.stele.testing.Api.appendCounted;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class VerifyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STREAMS = 5;

    private String category = "";
    private String view = "";

    @BeforeEach
    void make_a_view_with_some_entries() {
        category = "verified" + UUID.randomUUID().toString().replace("-", "");
        view = "view-" + UUID.randomUUID();
        request()
                .contentType("application/json")
                .body(
                        """
                        {"source": {"categories": ["%s"]}, "key": ".stream", "initial": {"sum": 0},
                         "on": {"*": ".sum += $event.data"}}
                        """
                                .formatted(category))
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
        for (int i = 1; i <= STREAMS; i++) {
            appendCounted(key(i), i);
        }
        get("/v1/views/%s/entries?consistency=strong".formatted(view)).then().statusCode(200);
    }

    @AfterEach
    void remove_the_view() {
        request().delete("/v1/views/" + view);
    }

    @Test
    void a_view_that_is_its_fold_is_found_to_be_so() {
        get("/v1/views/" + view).then().body("verified", nullValue());

        Response job = verify("");

        job.then()
                .body("kind", equalTo("verify-view"))
                .body("subject", equalTo(view))
                .body("state", equalTo("done"))
                .body("progress", is(1.0f))
                .body("startedAt", notNullValue())
                .body("endedAt", notNullValue())
                .body("viewVersion", is(1))
                .body("position", notNullValue())
                .body("checked", is(STREAMS))
                .body("differentKeys", is(0))
                .body("different", empty());
        get("/v1/views/" + view)
                .then()
                .body("verified.at", notNullValue())
                .body("verified.checked", is(STREAMS))
                .body("verified.different", is(0));
    }

    @Test
    void entries_that_are_wrong_missing_and_too_many_are_told_with_what_they_should_be()
            throws SQLException {
        change("update stele.view_entries set value = '{\"sum\":0}' where key = '%s'", key(1));
        change("update stele.view_entries set position = position - 1 where key = '%s'", key(2));
        change("delete from stele.view_entries where key = '%s'", key(3));
        change(
                "insert into stele.view_entries (view_id, position, updated_at, key, value) select"
                        + " view_id, 1, now(), '%s', '7' from stele.view_entries where key = '"
                        + key(4)
                        + "'",
                category + "-invented");

        Response job = verify("");

        job.then()
                .body("state", equalTo("done"))
                .body("checked", is(STREAMS + 1))
                .body("differentKeys", is(4))
                .body("different", hasSize(4))
                .body(found(1) + ".entry.value.sum", is(0))
                .body(found(1) + ".fold.value.sum", is(1))
                .body(found(2) + ".entry.value.sum", is(3))
                .body(found(2) + ".fold.value.sum", is(3))
                .body(found(3) + ".entry", nullValue())
                .body(found(3) + ".fold.value.sum", is(6))
                .body("different.find { it.key.endsWith('-invented') }.entry.value", is(7))
                .body("different.find { it.key.endsWith('-invented') }.fold", nullValue());
        long behind = job.jsonPath().getLong(found(2) + ".entry.position");
        assertEquals(behind + 1, job.jsonPath().getLong(found(2) + ".fold.position"));
        get("/v1/views/" + view).then().body("verified.different", is(4));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                get("/q/metrics")
                                        .then()
                                        .body(
                                                containsString(
                                                        "stele_view_different_keys{view=\"%s\"} 4.0"
                                                                .formatted(view)))
                                        .body(
                                                containsString(
                                                        "stele_view_verified_keys{view=\"%s\"} 6.0"
                                                                .formatted(view))));
    }

    @Test
    void a_sample_has_as_many_keys_as_were_asked_for_as_far_as_there_are() {
        verify("?sample=2").then().body("state", equalTo("done")).body("checked", is(2));
        verify("?sample=5").then().body("state", equalTo("done")).body("checked", is(5));
        verify("?sample=1000").then().body("state", equalTo("done")).body("checked", is(5));
    }

    @Test
    void what_cannot_be_checked_is_told() {
        request()
                .post("/v1/views/none-of-this-name/verify")
                .then()
                .statusCode(404)
                .body("type", equalTo("/problems/view-not-found"));
        for (String sample : new String[] {"0", "-1", "x", "", "100000000"}) {
            request()
                    .post("/v1/views/%s/verify?sample=%s".formatted(view, sample))
                    .then()
                    .statusCode(400)
                    .body("type", equalTo("/problems/invalid-request"));
        }
        request().post("/v1/views/%s/verify?keys=1".formatted(view)).then().statusCode(400);
        for (String id : new String[] {UUID.randomUUID().toString(), "none", "1-1-1-1-1"}) {
            get("/v1/jobs/" + id)
                    .then()
                    .statusCode(404)
                    .body("type", equalTo("/problems/job-not-found"));
        }
        get("/v1/jobs/%s?x=1".formatted(UUID.randomUUID())).then().statusCode(400);
    }

    /** Starts a check and waits for its end. */
    private Response verify(String query) {
        Response started = request().post("/v1/views/%s/verify%s".formatted(view, query));
        started.then()
                .statusCode(202)
                .body("state", oneOf("running", "done"))
                .header("Location", equalTo("/v1/jobs/" + started.path("id")));
        String address = started.header("Location");
        await().atMost(PATIENCE)
                .until(() -> !get(address).jsonPath().getString("state").equals("running"));
        return get(address);
    }

    private String key(int number) {
        return category + "-" + number;
    }

    private String found(int number) {
        return "different.find { it.key == '%s' }".formatted(key(number));
    }

    /** As nobody should. */
    private static void change(String sql, String key) throws SQLException {
        try (var database = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                var statement = database.createStatement()) {
            assertEquals(1, statement.executeUpdate(sql.formatted(key)));
        }
    }
}
