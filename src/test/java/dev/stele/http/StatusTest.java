package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each cause is made to happen, and is then what the status says. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class StatusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EVENT = "{\"type\":\"Happened\"}";

    private final String publication = "status-" + UUID.randomUUID();
    private final String view = "status-" + UUID.randomUUID();

    @AfterEach
    void remove_what_was_defined() {
        request().delete("/v1/publications/" + publication);
        request().delete("/v1/views/" + view);
    }

    @Test
    void it_says_which_service_and_log_it_is_and_how_far_each_subscription_is() {
        putPublication();
        putView();
        int head = position(append(freshStream("status"), EVENT).header("Stele-Position"));

        String ours = "subscriptions.find { it.name == 'publication/%s' }".formatted(publication);
        String live = "subscriptions.find { it.name == 'view/%s' }".formatted(view);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                status().body(ours + ".state", equalTo("running"))
                                        .body(ours + ".position", greaterThanOrEqualTo(head))
                                        .body(ours + ".lagEvents", is(0))
                                        .body(ours + ".lagSeconds", is(0.0f))
                                        .body(ours + ".parkedKeys", is(0))
                                        .body(ours + ".because", nullValue())
                                        .body(live + ".state", equalTo("live")));
        String replica = status().extract().path("replica");
        status().body("version", notNullValue())
                .body("uptimeSeconds", greaterThanOrEqualTo(0))
                .body("authentication", equalTo("none"))
                .body("log.id", equalTo(get("/v1/log").path("id")))
                .body("log.generation", is(get("/v1/log").<Integer>path("generation")))
                .body("log.head", greaterThanOrEqualTo(head))
                .body("log.queuedAppends", is(0))
                .body(ours + ".owner", equalTo(replica))
                .body("problems", is(List.of()));
    }

    @Test
    void a_broker_that_is_away_is_why_publications_stand_still_and_nothing_else_does() {
        TestServers.kafka().kill();
        try {
            append(freshStream("status"), EVENT).then().statusCode(201);

            awaitProblem(
                    "publication/events stands still",
                    containsString("Kafka does not answer at"),
                    containsString("KAFKA_BOOTSTRAP_SERVERS"));
            status().body(
                            "subscriptions.find { it.name == 'publication/events' }.state",
                            equalTo("stalled"))
                    .body(
                            "subscriptions.find { it.name == 'publication/events' }.lagEvents",
                            greaterThanOrEqualTo(1))
                    .body("problems[0].since", notNullValue());
            get("/v1/publications/events")
                    .then()
                    .body("state", equalTo("stalled"))
                    .body("lastError", containsString("Kafka does not answer at"));
            get("/q/health/ready")
                    .then()
                    .statusCode(200)
                    .body(
                            "checks.find { it.name == 'subscriptions' }.data.stalled",
                            greaterThanOrEqualTo(1));
            get("/q/health/live").then().statusCode(200);
        } finally {
            TestServers.kafka().startAgain();
        }
        awaitNoProblem("publication/events stands still");
    }

    @Test
    void it_answers_while_the_database_is_away() {
        String id = status().extract().path("log.id");
        TestServers.postgres().stopFast();
        try {
            awaitProblem(
                    "PostgreSQL cannot be read",
                    notNullValue(),
                    containsString("QUARKUS_DATASOURCE_REACTIVE_URL"));
            append(freshStream("status"), EVENT).then().statusCode(503);
            status().body("log.id", equalTo(id))
                    .body("problems.what", hasItem("appends fail here"))
                    .body("problems[0].since", notNullValue());
            get("/q/health/ready")
                    .then()
                    .statusCode(503)
                    .body("checks.find { it.name == 'subscriptions' }.status", equalTo("UP"));
            get("/q/health/live").then().statusCode(200);
        } finally {
            TestServers.postgres().startAgain();
        }
        awaitNoProblem("PostgreSQL cannot be read");
        await().atMost(PATIENCE)
                .until(() -> append(freshStream("status"), EVENT).statusCode() == 201);
        awaitNoProblem("appends fail here");
    }

    @Test
    void the_session_that_holds_what_appends_wait_for_is_named() throws SQLException {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> appends;
        try (Connection desk = connect("&ApplicationName=desk")) {
            desk.setAutoCommit(false);
            execute(
                    desk,
                    "select pg_advisory_xact_lock(1937009765, 'stele.events'::regclass::oid::int)");
            appends = CompletableFuture.runAsync(() -> appendUntil(enough));

            awaitProblem(
                    "appends wait for a lock",
                    matchesPattern(
                            "backend \\d+ \\(desk, role \\w+\\) holds it in a transaction that is"
                                    + " idle for \\d+ s: select pg_advisory_xact_lock.*"),
                    containsString("pg_terminate_backend"));
        } finally {
            enough.set(true);
        }
        appends.join();
        awaitNoProblem("appends wait for a lock");
    }

    @Test
    void a_statement_of_a_subscription_that_waits_is_named_with_whom_it_waits_for()
            throws SQLException {
        putView();
        try (Connection desk = connect("&ApplicationName=desk")) {
            desk.setAutoCommit(false);
            execute(desk, "lock table stele.view_entries in share mode");
            append(view + "-1", EVENT).then().statusCode(201);

            awaitProblem(
                    "a statement waits for a lock: view/write-entries",
                    containsString("(desk, role"),
                    containsString("pg_terminate_backend"));
        }
        awaitNoProblem("a statement waits for a lock: view/write-entries");
    }

    @Test
    void a_full_disk_is_why_appends_fail() throws SQLException {
        try (Connection desk = connect("")) {
            execute(
                    desk,
                    """
                    create function stele.no_room() returns trigger language plpgsql as
                    $$ begin raise exception 'could not extend file: no space left' using errcode = '53100'; end $$
                    """);
            execute(
                    desk,
                    "create trigger no_room before insert on stele.events execute function"
                            + " stele.no_room()");
            try {
                append(freshStream("status"), EVENT).then().statusCode(503);

                awaitProblem(
                        "appends fail here",
                        equalTo("could not extend file: no space left (SQLSTATE 53100)"),
                        containsString("disk"));
            } finally {
                execute(desk, "drop function stele.no_room cascade");
            }
        }
        append(freshStream("status"), EVENT).then().statusCode(201);
        awaitNoProblem("appends fail here");
    }

    @Test
    void a_lease_that_a_silent_replica_has_is_why_nobody_runs_a_subscription() throws SQLException {
        putPublication();
        takeAway("publication/" + publication);

        String what = "publication/%s stands still".formatted(publication);
        awaitProblem(
                what,
                matchesPattern("replica made-up has the lease until 20\\S+Z, and nothing.*"),
                notNullValue());
        get("/v1/publications/" + publication)
                .then()
                .body("state", equalTo("stalled"))
                .body("lastError", startsWith("replica made-up has the lease until"));
        execute(
                "update stele.subscriptions set owner = null, leased_until = now() where owner ="
                        + " 'made-up'");
        awaitNoProblem(what);
    }

    @Test
    void a_version_that_is_being_built_is_told_beside_the_live_one() throws SQLException {
        putView();
        execute(
                """
                with added as (
                    insert into stele.views (name, version, live, definition)
                    select name, 2, false, definition from stele.views where name = '%s' returning id
                )
                insert into stele.subscriptions (name, position, owner, epoch, leased_until)
                select 'view/' || id, 0, 'made-up', 1, now() + interval '1 hour' from added
                """
                        .formatted(view));

        awaitProblem(
                "view/%s version 2 stands still".formatted(view),
                startsWith("replica made-up has the lease until"),
                notNullValue());
        status().body("subscriptions.name", hasItem("view/" + view));
    }

    @Test
    void a_paused_publication_is_no_problem() {
        putPublication();
        request().post("/v1/publications/" + publication + "/pause").then().statusCode(200);

        String ours = "subscriptions.find { it.name == 'publication/%s' }".formatted(publication);
        status().body(ours + ".state", equalTo("paused"))
                .body(ours + ".because", equalTo("it was paused"))
                .body(ours + ".since", notNullValue())
                .body("problems.what", not(hasItem(containsString(publication))));
    }

    @Test
    void a_stored_definition_that_cannot_run_is_told() throws SQLException {
        putPublication();
        execute(
                "update stele.publications set version = version + 1, definition = '{}' where name = '%s'"
                        .formatted(publication));

        awaitProblem(
                "publication/%s stands still".formatted(publication),
                startsWith(
                        "the stored definition is refused: /topic a publication must have this"
                                + " member"),
                containsString("definition"));
        get("/v1/publications/" + publication)
                .then()
                .body("state", equalTo("stalled"))
                .body("lastError", startsWith("the stored definition is refused"));
    }

    private void putPublication() {
        request()
                .contentType("application/json")
                .body(
                        "{\"topic\": \"%s\", \"source\": {\"categories\": [\"nothing\"]}}"
                                .formatted(publication))
                .put("/v1/publications/" + publication)
                .then()
                .statusCode(201);
    }

    private void putView() {
        request()
                .contentType("application/json")
                .body("{\"key\": \".stream\", \"initial\": 0, \"on\": {\"Happened\": \". + 1\"}}")
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
    }

    private static void appendUntil(AtomicBoolean enough) {
        while (!enough.get()) {
            append(freshStream("status"), EVENT);
        }
    }

    private static ValidatableResponse status() {
        return get("/v1/status").then().statusCode(200);
    }

    private static void awaitProblem(
            String what, Matcher<? super String> because, Matcher<? super String> hint) {
        String problem = "problems.find { it.what == '%s' }".formatted(what);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                status().body(problem + ".because", because)
                                        .body(problem + ".hint", hint));
    }

    private static void awaitNoProblem(String what) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> status().body("problems.what", not(hasItem(what))));
    }

    private static void takeAway(String subscription) throws SQLException {
        execute(
                """
                update stele.subscriptions
                   set owner = 'made-up', epoch = epoch + 1, leased_until = now() + interval '1 hour'
                 where name = '%s'
                """
                        .formatted(subscription));
    }

    private static int position(String header) {
        return Integer.parseInt(header);
    }

    private static Connection connect(String more) throws SQLException {
        return DriverManager.getConnection(TestServers.postgres().jdbcUrl() + more);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection desk = connect("")) {
            execute(desk, sql);
        }
    }

    private static void execute(Connection desk, String sql) throws SQLException {
        try (var statement = desk.createStatement()) {
            statement.execute(sql);
        }
    }
}
