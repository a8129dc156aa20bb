package dev.stele.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.GlobalPosition;
import dev.stele.http.ServiceStatus.Line;
import dev.stele.http.ServiceStatus.Read;
import dev.stele.http.ServiceStatus.Tables;
import dev.stele.log.AppendQueue;
import dev.stele.log.EventLog;
import dev.stele.postgres.LastFailure.Failure;
import dev.stele.postgres.LockWaits.Activity;
import dev.stele.postgres.LockWaits.Blocker;
import dev.stele.postgres.LockWaits.Wait;
import dev.stele.publish.TopicDifference;
import dev.stele.subscription.Standing;
import dev.stele.subscription.Standing.Cause;
import dev.stele.subscription.Standing.Standstill;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TroublesTest {

    private static final Instant EARLIER = Instant.parse("2026-11-23T06:00:00Z");
    private static final Instant LATER = Instant.parse("2026-11-23T06:00:10Z");
    private static final HttpConfig CONFIG =
            new SmallRyeConfigBuilder()
                    .withMapping(HttpConfig.class)
                    .withConverter(Duration.class, 1, new DurationConverter())
                    .withDefaultValue("stele.http.status-query-chars", "30")
                    .build()
                    .getConfigMapping(HttpConfig.class);

    private static final AppendQueue NO_APPENDS =
            new AppendQueue(0, Duration.ZERO, Optional.empty());

    @Test
    void where_nothing_is_stuck_there_is_nothing_to_tell() {
        assertEquals(List.of(), troubles(NO_APPENDS, null, lines(), waits()));
    }

    @Test
    void a_topic_that_is_not_as_the_service_makes_it_is_told_if_it_can_be_read() {
        List<String> found = List.of("partitions: 1, not 8", "cleanup.policy: compact, not delete");
        Trouble told =
                troubles(
                                NO_APPENDS,
                                null,
                                lines(),
                                waits(),
                                new Read.Done<>(List.of(new TopicDifference("orders", found))))
                        .getFirst();
        assertEquals("topic orders is not as the service makes it", told.what());
        assertEquals("partitions: 1, not 8; cleanup.policy: compact, not delete", told.because());
        assertTrue(told.hint().contains("auto.create.topics.enable"), told.hint());

        assertEquals(
                List.of(),
                troubles(NO_APPENDS, null, lines(), waits(), new Read.Failed<>("no answer")));
    }

    @Test
    void what_a_session_does_is_told_as_far_as_it_shows() {
        assertEquals(
                "backend 7 (psql, role ann) holds it in a transaction that is idle for 42 s: select"
                        + " 1",
                because(new Activity("idle in transaction", 42, "select 1")));
        assertEquals(
                "backend 7 (psql, role ann) holds it in a session that is idle for 3 s: select"
                        + " pg_advisory_lock(1, 2),…",
                because(new Activity("idle", 3, "select pg_advisory_lock(1, 2), now()")));
        assertEquals(
                "backend 7 (psql, role ann) holds it in a transaction of 1 s: vacuum",
                because(new Activity("active", 1, "vacuum")));

        Trouble hidden = wait(new Blocker(7, "", "ann", null));
        assertEquals(
                "backend 7 (an application without a name, role ann) holds it", hidden.because());
        assertTrue(hidden.hint().contains("pg_monitor"), hidden.hint());
        Trouble prepared = wait(new Blocker(0, "", "", null));
        assertEquals("a prepared transaction holds it", prepared.because());
        assertTrue(prepared.hint().contains("pg_prepared_xacts"), prepared.hint());
    }

    private static String because(Activity activity) {
        return wait(new Blocker(7, "psql", "ann", activity)).because();
    }

    private static Trouble wait(Blocker blocker) {
        List<Trouble> all =
                troubles(NO_APPENDS, null, lines(), waits("view/write-entries", blocker));
        assertEquals(1, all.size());
        assertEquals("a statement waits for a lock: view/write-entries", all.getFirst().what());
        return all.getFirst();
    }

    @Test
    void appends_that_wait_for_a_session_are_told_once() {
        Blocker blocker = new Blocker(7, "psql", "ann", null);
        AppendQueue queue =
                new AppendQueue(
                        3,
                        Duration.ofSeconds(4),
                        Optional.of(new Failure(EARLIER, "55P03", "lock timeout")));

        List<Trouble> all = troubles(queue, null, lines(), waits(EventLog.APPENDING, blocker));

        assertEquals(List.of("appends wait for a lock"), whats(all));
        assertEquals(EARLIER, all.getFirst().since());
    }

    @Test
    void appends_that_wait_for_no_known_reason_are_told_after_a_while() {
        assertEquals(List.of(), troubles(queue(Duration.ofMillis(900)), null, lines(), waits()));

        List<Trouble> all = troubles(queue(Duration.ofSeconds(4)), null, lines(), waits());

        assertEquals(List.of("appends wait here"), whats(all));
        assertEquals("PostgreSQL has not answered a batch for 4 s", all.getFirst().because());
    }

    private static AppendQueue queue(Duration oldest) {
        return new AppendQueue(1, oldest, Optional.empty());
    }

    @Test
    void a_database_that_is_away_is_told_with_what_is_known_of_it() {
        Failure appends = new Failure(LATER, "", "connection refused");
        Failure leases = new Failure(EARLIER, "57P03", "it is starting up (SQLSTATE 57P03)");

        List<Trouble> all =
                troubles(
                        new AppendQueue(0, Duration.ZERO, Optional.of(appends)),
                        leases,
                        new Read.Failed<>("no answer in time"),
                        new Read.Failed<>("no answer in time"));

        assertEquals(List.of("PostgreSQL cannot be read", "appends fail here"), whats(all));
        assertEquals(EARLIER, all.getFirst().since());
        assertEquals(
                "no answer in time; before that: it is starting up (SQLSTATE 57P03)",
                all.getFirst().because());
    }

    @Test
    void a_hint_is_about_the_cause() {
        assertHint("disk", Cause.FAILURE, "could not extend file (SQLSTATE 53100)");
        assertHint("max_connections", Cause.FAILURE, "too many clients (SQLSTATE 53300)");
        assertHint("password", Cause.FAILURE, "no password (SQLSTATE 28P01)");
        assertHint("migrations", Cause.FAILURE, "no such table (SQLSTATE 42P01)");
        assertHint("pg_stat_activity", Cause.FAILURE, "lock timeout (SQLSTATE 55P03)");
        assertHint("KAFKA_BOOTSTRAP_SERVERS", Cause.FAILURE, "Kafka does not answer at b:9092");
        assertHint("limit", Cause.FAILURE, "1000 keys are parked (STELE_PARKED_MAX_KEYS)");
        assertHint("tried again", Cause.FAILURE, "anything else");
        assertHint("another one takes over", Cause.SILENT_OWNER, "replica r has the lease");
        assertHint("look whether one runs", Cause.UNCLAIMED, "no replica runs it");
        assertHint("put a definition", Cause.REFUSED, "the stored definition is refused");
    }

    private static void assertHint(String hint, Cause cause, String because) {
        Standing standing =
                new Standing(
                        GlobalPosition.BEGINNING,
                        null,
                        null,
                        0,
                        Optional.of(new Standstill(cause, because, EARLIER)));
        Line line = new Line("view/balances", "stalled", because, EARLIER, standing);

        Trouble found = troubles(NO_APPENDS, null, lines(line), waits()).getFirst();

        assertEquals(
                new Trouble("view/balances stands still", because, EARLIER, found.hint()), found);
        assertTrue(found.hint().contains(hint), found.hint());
    }

    private static List<Trouble> troubles(
            AppendQueue queue,
            @Nullable Failure leases,
            Read<Tables> tables,
            Read<List<Wait>> waits) {
        return troubles(queue, leases, tables, waits, new Read.Done<>(List.of()));
    }

    private static List<Trouble> troubles(
            AppendQueue queue,
            @Nullable Failure leases,
            Read<Tables> tables,
            Read<List<Wait>> waits,
            Read<List<TopicDifference>> topics) {
        return new Troubles(CONFIG)
                .of(new Troubles.Seen(queue, Optional.ofNullable(leases), tables, waits, topics));
    }

    private static Read<Tables> lines(Line... lines) {
        EventLog.Identity log = new EventLog.Identity(new UUID(0, 1), 1, GlobalPosition.BEGINNING);
        return new Read.Done<>(new Tables(log, List.of(lines), Map.of()));
    }

    private static Read<List<Wait>> waits() {
        return new Read.Done<>(List.of());
    }

    private static Read<List<Wait>> waits(String statement, Blocker blocker) {
        return new Read.Done<>(
                List.of(
                        new Wait(statement, LATER, blocker),
                        new Wait(statement, LATER.plusSeconds(1), blocker)));
    }

    private static List<String> whats(List<Trouble> all) {
        return all.stream().map(Trouble::what).toList();
    }
}
