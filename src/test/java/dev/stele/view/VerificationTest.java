package dev.stele.view;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stele.definition.Programs;
import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.job.Jobs;
import dev.stele.log.AppendResult;
import dev.stele.log.EventLog;
import dev.stele.postgres.Schema;
import dev.stele.subscription.LeaseKeeper;
import dev.stele.subscription.Slice;
import dev.stele.subscription.Slices;
import dev.stele.testing.TestServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class VerificationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final int KEYS = 60;

    @Inject Views views;
    @Inject EventLog log;
    @Inject Pool pool;
    @Inject VerifyTable table;
    @Inject Programs programs;
    @Inject Schema schema;
    @Inject Jobs jobs;
    @Inject LeaseKeeper leases;
    @Inject MeterRegistry registry;

    private String category = "";
    private ViewName name = new ViewName("unnamed");
    private byte[] definition = {};

    @BeforeEach
    void make_a_view_with_many_entries() {
        category = "verification" + TESTS.incrementAndGet();
        name = new ViewName(category);
        definition =
                Definitions.json(
                        "{'source':{'categories':['%s']},'key':'.stream','initial':0,'on':{'*':'.+$event.data'}}"
                                .formatted(category));
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .ignoreExceptions()
                .until(() -> done(views.put(name, definition)) != null);
        for (int i = 0; i < 3 * KEYS; i++) {
            append(category + "-" + i % KEYS, i);
        }
        long head = done(log.identity()).head().value();
        assertInstanceOf(
                Freshness.Reached.class,
                done(views.caughtUp(name, new GlobalPosition(head), PATIENCE)));
    }

    @Test
    void what_is_too_much_for_memory_is_checked_in_parts() throws JsonProcessingException {
        execute("delete from stele.view_entries where view_id = $1 and key like '%-17'");
        List<Double> progress = new ArrayList<>();
        for (Map<String, String> limits :
                List.of(
                        Map.of("stele.view.verify.keys", "7"),
                        Map.of("stele.view.verify.bytes", "40"),
                        Map.of("stele.view.verify.slice-positions", "10"),
                        Map.of("stele.view.batch-events", "3"))) {
            progress.clear();
            JsonNode found = check(OptionalInt.empty(), limits, progress);
            assertEquals(KEYS, found.get("checked").asInt(), limits.toString());
            assertEquals(1, found.get("differentKeys").asInt(), limits.toString());
            assertEquals(category + "-17", found.at("/different/0/key").asText());
            assertEquals(progress.stream().sorted().toList(), progress);
        }
    }

    @Test
    void samples_find_every_missing_entry_sooner_or_later() throws JsonProcessingException {
        execute("delete from stele.view_entries where view_id = $1 and key like '%-17'");
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(
                        () ->
                                check(OptionalInt.of(KEYS / 3), Map.of(), new ArrayList<>())
                                                .get("differentKeys")
                                                .asInt()
                                        == 1);
    }

    @Test
    void a_check_tells_only_so_many_differences_but_counts_all() throws JsonProcessingException {
        execute("delete from stele.view_entries where view_id = $1");
        JsonNode few =
                check(
                        OptionalInt.empty(),
                        Map.of("stele.view.verify.different", "5"),
                        new ArrayList<>());
        assertEquals(KEYS, few.get("differentKeys").asInt());
        assertEquals(5, few.get("different").size());
        JsonNode small =
                check(
                        OptionalInt.empty(),
                        Map.of("stele.view.verify.different-bytes", "1"),
                        new ArrayList<>());
        assertEquals(1, small.get("different").size());
    }

    @Test
    void a_view_that_is_changed_meanwhile_is_not_judged() {
        VerifyTable.Live before = live();
        done(views.delete(name));
        Jobs.Outcome outcome =
                done(verification(before, Map.of()).run(OptionalInt.empty(), _ -> {}));
        String because = assertInstanceOf(Jobs.Outcome.Failed.class, outcome).because();
        assertTrue(because.contains("changed or deleted"), because);
    }

    @Test
    void a_view_is_checked_by_itself_when_it_is_time_and_only_where_it_runs() {
        ViewConfig config =
                Definitions.config(
                        Map.of("stele.view.verify.every", "1ms", "stele.view.verify.sample", "5"));
        Verifier verifier =
                new Verifier(schema, table, log, jobs, leases, programs, config, registry);
        assertFalse(isDue("another replica", Optional.of(Duration.ofMillis(1))));
        assertFalse(isDue(leases.replica(), Optional.empty()));
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(() -> isDue(leases.replica(), Optional.of(Duration.ofMillis(1))));

        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(
                        () -> {
                            verifier.round().await().atMost(PATIENCE);
                            return status().verified() != null;
                        });

        assertEquals(5, requireNonNull(status().verified()).checked());
        assertFalse(isDue(leases.replica(), Optional.of(Duration.ofHours(1))));
    }

    private boolean isDue(String replica, Optional<Duration> every) {
        return done(table.verified(replica, every)).stream()
                .anyMatch(view -> view.name().equals(name) && view.due());
    }

    private ViewStatus status() {
        return done(views.get(name)).orElseThrow();
    }

    @Test
    void what_was_left_out_is_not_folded() {
        LeftOut leftOut = new LeftOut();
        Refold refold =
                new Refold(
                        Definitions.compiled(new String(definition, StandardCharsets.UTF_8)),
                        Definitions.DEFAULTS,
                        KeyRange.ALL,
                        leftOut);
        var page = done(log.streamForward(new StreamId(category + "-16"), 1, 10)).events();
        var other = done(log.streamForward(new StreamId(category + "-17"), 1, 10)).events();
        List<RecordedEvent> events = new ArrayList<>(page);
        events.addAll(other);
        leftOut.add(category + "-16", page.get(1).position().value(), false);
        other.forEach(event -> leftOut.add(event.stream().value(), event.position().value(), true));
        Slice slice = Slices.of(events);
        assertEquals(new Refold.Step.Went(), refold.fold(slice));
        assertEquals(slice.reached(), refold.reached());
        assertEquals(
                Map.of(
                        category + "-16",
                        new Refold.State(
                                Integer.toString(16 + 2 * KEYS + 16), page.getLast().position())),
                refold.states());
    }

    @Test
    void the_statements_and_this_program_find_the_same_place_for_a_key() {
        KeyRange all = KeyRange.from(0x9876_5432_1fedL);
        for (String key :
                List.of("", "a", "account-42", "ä-\u20ac-\ud83d\ude00", "x".repeat(1000))) {
            long place =
                    done(pool.preparedQuery(
                                            "select (('x' || substr(md5($1), 1,"
                                                    + " 8))::bit(32)::bigint + $2) & 4294967295 as"
                                                    + " place")
                                    .execute(Tuple.of(key, all.offset())))
                            .iterator()
                            .next()
                            .getLong("place");
            assertTrue(new KeyRange(all.offset(), place, place + 1).contains(key), key);
            assertEquals(1, all.halves().stream().filter(half -> half.contains(key)).count());
        }
    }

    private JsonNode check(OptionalInt sample, Map<String, String> limits, List<Double> progress)
            throws JsonProcessingException {
        Jobs.Outcome outcome = done(verification(live(), limits).run(sample, progress::add));
        return new ObjectMapper()
                .readTree(assertInstanceOf(Jobs.Outcome.Done.class, outcome).result());
    }

    private Verification verification(VerifyTable.Live version, Map<String, String> limits) {
        ViewConfig config = Definitions.config(limits);
        return new Verification(
                name,
                version,
                Definitions.compiled(version.definition()),
                new Verification.Tools(new VerifyTable(pool, config), log, programs, config));
    }

    private VerifyTable.Live live() {
        return done(table.live(name)).orElseThrow();
    }

    private void append(String stream, int data) {
        NewEvent event =
                new NewEvent(
                        new EventId(UUID.randomUUID()),
                        new EventType("Happened"),
                        null,
                        null,
                        Payload.of(Integer.toString(data)),
                        null,
                        null,
                        References.NONE,
                        List.of());
        AppendResult result =
                done(
                        log.append(
                                Append.toStream(
                                        new StreamId(stream),
                                        AppendCondition.any(),
                                        List.of(event),
                                        false,
                                        null)));
        assertInstanceOf(AppendResult.Appended.class, result);
    }

    private void execute(String sql) {
        done(pool.preparedQuery(sql).execute(Tuple.of(live().id())));
    }

    private static <T> T done(Uni<T> uni) {
        return uni.await().atMost(PATIENCE.plusSeconds(5));
    }
}
