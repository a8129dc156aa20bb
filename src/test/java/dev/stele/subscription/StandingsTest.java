package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.subscription.Standing.Cause;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is called stalled, of subscriptions that no replica knows. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class StandingsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject Standings standings;

    private final String name = "test/" + UUID.randomUUID();
    private final String replica = "replica-" + UUID.randomUUID();

    @AfterEach
    void remove_the_rows() throws SQLException {
        execute("delete from stele.subscriptions where name = '%s'".formatted(name));
        execute("delete from stele.replicas where id = '%s'".formatted(replica));
    }

    @Test
    void one_that_is_run_moves() throws SQLException {
        row(quoted(replica), "now() + interval '9 s'", "null");
        replicaSeenUntil("now() + interval '9 s'");

        Standing found = standing();

        assertFalse(found.stalled());
        assertEquals(replica, found.owner());
        assertNull(found.because());
    }

    @Test
    void one_that_fails_says_why_since_when() throws SQLException {
        row(quoted(replica), "now() + interval '9 s'", "'no room'");
        replicaSeenUntil("now() + interval '9 s'");

        assertStalled(Cause.FAILURE, "no room");
    }

    @Test
    void one_whose_replica_is_silent_says_who_has_the_lease_and_until_when() throws SQLException {
        row(quoted(replica), "timestamptz '2999-01-01 00:00:00Z'", "'of an earlier one'");
        replicaSeenUntil("now() + interval '1 s'");

        String because = assertStalled(Cause.SILENT_OWNER, replica);
        assertTrue(because.contains("until 2999-01-01T00:00:00Z"), because);
        assertTrue(because.contains("nothing was heard of it since"), because);
    }

    @Test
    void one_whose_replica_was_heard_of_last_in_the_future_says_that_the_clock_was_put_back()
            throws SQLException {
        row(quoted(replica), "timestamptz '2999-01-01 00:00:00Z'", "null");
        replicaSeenUntil("timestamptz '2999-01-01 00:00:00Z'");

        Standing.Standstill found = standing().standstill().orElseThrow();
        assertEquals(Cause.SILENT_OWNER, found.cause());
        assertTrue(found.because().contains("clock was put back"), found.because());
        assertNull(found.since());
    }

    @Test
    void one_whose_lease_ran_out_says_who_had_it() throws SQLException {
        row(quoted(replica), "timestamptz '2026-01-01 00:00:00Z'", "null");

        assertStalled(
                Cause.UNCLAIMED,
                "replica %s had the lease until 2026-01-01T00:00:00Z".formatted(replica));
        assertNull(standing().owner());
    }

    @Test
    void one_that_nobody_asks_for_says_since_when_it_is_free() throws SQLException {
        row("null", "timestamptz '2026-01-01 00:00:00Z'", "null");

        assertStalled(Cause.UNCLAIMED, "free since 2026-01-01T00:00:00Z, and nobody asked for it");
        assertFalse(standing().atRest().stalled());
        Standing refused = standing().orRefused(Optional.of("it is refused"));
        assertEquals("it is refused", refused.because());
        assertTrue(refused.atRest().stalled());
    }

    @Test
    void one_that_has_just_become_free_is_not_stalled_yet() throws SQLException {
        row("null", "clock_timestamp()", "null");

        assertFalse(standing().stalled());
        assertNotNull(standing().freeSince());
    }

    private String assertStalled(Cause cause, String because) {
        Standing.Standstill found = standing().standstill().orElseThrow();
        assertEquals(cause, found.cause());
        assertTrue(found.because().contains(because), found.because());
        assertNotNull(found.since());
        return found.because();
    }

    private Standing standing() {
        return Objects.requireNonNull(
                standings.of(List.of(name)).await().atMost(PATIENCE).get(name));
    }

    private void row(String owner, String leasedUntil, String error) throws SQLException {
        execute(
                """
                insert into stele.subscriptions (name, position, epoch, owner, leased_until, error, error_since)
                values ('%s', 0, 1, %s, %s, %s, now())
                """
                        .formatted(name, owner, leasedUntil, error));
    }

    private void replicaSeenUntil(String time) throws SQLException {
        execute("insert into stele.replicas values ('%s', %s)".formatted(replica, time));
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private static void execute(String sql) throws SQLException {
        try (Connection desk = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                var statement = desk.createStatement()) {
            statement.execute(sql);
        }
    }
}
