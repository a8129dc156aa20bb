package dev.stele.view;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.definition.Programs;
import dev.stele.definition.PutResult;
import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.log.AppendResult;
import dev.stele.log.EventLog;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Handled;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Parked;
import dev.stele.subscription.Slices;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ViewsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger TESTS = new AtomicInteger();

    @Inject Views views;
    @Inject EventLog log;
    @Inject Pool pool;
    @Inject EntryTable entries;
    @Inject Checkpoints checkpoints;
    @Inject ViewTable table;
    @Inject Programs programs;
    @Inject Parked parked;

    /** A category of its own for each test: the log outlives them. */
    private String category = "";

    private ViewName name = new ViewName("unnamed");

    @BeforeEach
    void choose_names() {
        category = "views" + TESTS.incrementAndGet();
        name = new ViewName(category);
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .ignoreExceptions()
                .until(() -> done(table.versions(List.of())) != null);
    }

    @Test
    void entries_are_the_fold_up_to_the_position_that_they_are_read_with() {
        append("a", "{'n':1}");
        put("{'sum':0}", ".sum += $event.data.n");
        append("b", "{'n':1.5}");
        GlobalPosition last = append("a", "{'n':41}");
        Views.EntryRead read = readFrom(last, "a");
        assertTrue(read.position().reached(last));
        assertEquals(1, read.viewVersion());
        Views.Entry entry = read.entry().orElseThrow();
        assertEquals("{\"sum\":42}", entry.value());
        assertEquals(last, entry.position());
        assertTrue(entry.updatedAt().isBefore(Instant.now().plusSeconds(60)));
    }

    @Test
    void many_events_in_many_batches_come_to_the_same_as_one_fold() {
        put("0", "if $event.data.n % 10 == 9 then empty else . * 3 + $event.data.n end");
        Map<String, Long> expected = new TreeMap<>();
        GlobalPosition last = GlobalPosition.BEGINNING;
        for (int i = 0; i < 200; i++) {
            String key = "k" + i % 7;
            last = append(key, "{'n':%d}".formatted(i % 20));
            int n = i % 20;
            expected.compute(
                    category + "-" + key,
                    (_, sum) -> n % 10 == 9 ? null : (sum == null ? 0L : sum % (1L << 40)) * 3 + n);
        }
        caughtUp(last);
        Map<String, Long> found = new TreeMap<>();
        page(null, 100).entries().forEach(one -> found.put(one.key(), Long.valueOf(one.value())));
        assertEquals(expected, found);
    }

    @Test
    void the_same_definition_changes_nothing_whatever_its_white_space() {
        assertEquals(new PutResult.Created(1), put("0", ".+1"));
        assertEquals(new PutResult.Same(1), done(views.put(name, definition(" 0 ", ".+1"))));
    }

    @Test
    void one_of_two_replicas_that_get_the_same_definition_at_once_makes_the_view() {
        byte[] definition = definition("0", ".+1");
        List<PutResult> results =
                done(
                        Uni.join()
                                .all(
                                        views.put(name, definition),
                                        views.put(name, definition),
                                        views.put(name, definition))
                                .andFailFast());
        assertEquals(1, results.stream().filter(PutResult.Created.class::isInstance).count());
        assertEquals(2, results.stream().filter(PutResult.Same.class::isInstance).count());
    }

    @Test
    void a_changed_definition_is_built_beside_the_live_one_and_takes_over_in_one_step() {
        put("0", ".+1");
        for (int i = 0; i < 20; i++) {
            append("a", "{}");
        }
        caughtUp(append("a", "{}"));
        assertEquals(new PutResult.Changed(2), put("100", ".+1"));
        Set<String> seen = new HashSet<>();
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(
                        () -> {
                            Views.EntryRead read = done(views.entry(name, key("a"))).orElseThrow();
                            seen.add(read.viewVersion() + ":" + read.entry().orElseThrow().value());
                            return read.viewVersion() == 2;
                        });
        seen.removeAll(Set.of("1:21", "2:121"));
        assertEquals(Set.of(), seen);
        assertEquals("122", readFrom(append("a", "{}"), "a").entry().orElseThrow().value());
        await().atMost(PATIENCE.toSeconds(), SECONDS).until(() -> versionsWithEntries() == 1);
    }

    @Test
    void changing_back_while_another_version_is_built_gives_that_one_up() {
        put("0", ".+1");
        caughtUp(append("a", "{}"));
        assertEquals(new PutResult.Changed(2), put("0", "error(\"never\")"));
        assertEquals(new PutResult.Same(1), put("0", ".+1"));
        assertNull(status().next());
        assertEquals(new PutResult.Changed(2), put("0", ".+2"));
        assertEquals(new PutResult.Changed(3), put("0", ".+3"));
        await().atMost(PATIENCE.toSeconds(), SECONDS).until(() -> status().viewVersion() == 3);
    }

    @Test
    void a_handler_that_fails_parks_its_own_key_until_the_definition_is_replaced() {
        put("0", "if $event.data.n == 2 then error(\"two\") else .+1 end");
        ViewName other = new ViewName(name.value() + "-other");
        done(views.put(other, definition("0", ".+1")));
        append("a", "{'n':1}");
        GlobalPosition bad = append("a", "{'n':2}");
        append("b", "{'n':1}");
        GlobalPosition last = append("a", "{'n':3}");

        assertInstanceOf(Freshness.Reached.class, done(views.caughtUp(other, last, PATIENCE)));
        caughtUp(last);
        assertEquals(
                "1", done(views.entry(name, key("b"))).orElseThrow().entry().orElseThrow().value());
        Views.EntryRead read = done(views.entry(name, key("a"))).orElseThrow();
        assertEquals(bad.value() - 1, read.position().value());
        assertEquals("1", read.entry().orElseThrow().value());
        assertEquals(bad, read.entry().orElseThrow().parkedAt());
        ParkedEntry why = read.parked().orElseThrow();
        assertTrue(why.because().contains("two"), why.because());
        assertTrue(why.because().contains("event " + bad), why.because());
        Parked.ParkedKey key = parkedKeys().getFirst();
        assertEquals(key("a"), key.failed().key());
        assertEquals(bad, key.failed().position());
        assertNotNull(key.since());
        assertEquals(1, key.waiting());
        assertEquals(ViewStatus.State.LIVE, status().state());
        assertEquals(1, status().parkedKeys());

        assertEquals(new PutResult.Changed(2), put("0", ".+1"));
        await().atMost(PATIENCE.toSeconds(), SECONDS).until(() -> status().viewVersion() == 2);
        assertEquals("3", readFrom(last, "a").entry().orElseThrow().value());
        assertEquals(ViewStatus.State.LIVE, status().state());
        assertEquals(0, status().parkedKeys());
        assertEquals(List.of(), parkedKeys());
    }

    @Test
    void a_program_that_never_ends_holds_up_no_other_view_and_no_other_key() {
        put("0", "if $event.data.n == 2 then ([repeat(1)] | length) else .+1 end");
        ViewName other = new ViewName(name.value() + "-other");
        done(views.put(other, definition("0", ".+1")));
        append("a", "{'n':2}");
        GlobalPosition last = append("b", "{}");
        assertInstanceOf(Freshness.Reached.class, done(views.caughtUp(other, last, PATIENCE)));
        assertEquals("1", readFrom(last, "b").entry().orElseThrow().value());
        assertTrue(parkedKeys().getFirst().failed().error().contains("over budget"));
    }

    @Test
    void a_replica_that_lost_its_lease_changes_nothing() {
        put("0", ".+1");
        caughtUp(append("a", "{}"));
        int id = id();
        Row now = subscription(id);
        Lease old = new Lease(ViewUpdater.subscription(id), now.getLong("epoch") - 1);
        ViewUpdater zombie = updater(id, "{'key':'.stream','on':{'*':'\\'ruined\\''}}", entries);
        var events = done(log.streamForward(new StreamId(key("a")), 1, 10)).events();
        GlobalPosition next = new GlobalPosition(now.getLong("position") + 1);
        assertEquals(
                new Handled.Fenced(),
                done(zombie.handle(old, Slices.of(events, next), Slices.nothingParked())));
        assertFalse(
                done(
                        checkpoints.save(
                                old, GlobalPosition.BEGINNING, next, Landmark.unnamed(next))));
        assertEquals(
                "1", done(views.entry(name, key("a"))).orElseThrow().entry().orElseThrow().value());
    }

    @Test
    void entries_that_are_too_much_are_left_for_the_next_batch_but_never_the_first_events() {
        put("0", ".+1");
        append("a", "{}");
        append("b", "{}");
        GlobalPosition last = append("c", "{}");
        caughtUp(last);
        CompiledView view = Definitions.compiled("{'key':'.stream','on':{'*':'.'}}");
        var events = new ArrayList<>(done(log.logForward(last.value() - 3, 3)).events());
        events.removeIf(event -> !event.stream().category().equals(category));
        Projection.Limits limits = new Projection.Limits(10, 10, 100);
        Projection.Batch batch =
                new Projection(view, limits, () -> false)
                        .keyed(Slices.of(events, last), Slices.nothingParked());
        ViewConfig tiny = Definitions.config(Map.of("stele.view.batch-bytes", "1"));
        EntryTable.Texts texts = done(new EntryTable(pool, tiny).load(id(), batch));
        assertEquals(Map.of(key("a"), "1"), texts.values());
        assertEquals(Set.of(key("b"), key("c")), texts.unknown());
    }

    @Test
    void a_deleted_view_is_gone_with_its_entries_and_may_be_made_again() {
        put("0", ".+1");
        GlobalPosition last = append("a", "{}");
        caughtUp(last);
        int id = id();
        assertTrue(done(views.delete(name)));
        assertFalse(done(views.delete(name)));
        assertEquals(Optional.empty(), done(views.get(name)));
        assertEquals(Optional.empty(), done(views.entry(name, key("a"))));
        assertEquals(Optional.empty(), done(views.entries(name, null, 10)));
        assertEquals(new Freshness.NoSuchView(), done(views.caughtUp(name, last, PATIENCE)));
        await().atMost(PATIENCE.toSeconds(), SECONDS).until(() -> !hasEntries(id));
        assertEquals(new PutResult.Created(1), put("10", ".+1"));
        assertEquals("11", readFrom(last, "a").entry().orElseThrow().value());
    }

    @Test
    void a_view_whose_entries_are_not_what_was_read_stops_until_it_is_defined_anew() {
        put("0", ".+1");
        caughtUp(append("a", "{}"));
        int id = id();
        Row now = subscription(id);
        Lease lease = new Lease(ViewUpdater.subscription(id), now.getLong("epoch"));
        GlobalPosition checkpoint = new GlobalPosition(now.getLong("position"));
        ViewUpdater forgetful = updater(id, "{'key':'.stream','on':{'*':'0'}}", new Blind(pool));
        var events = done(log.streamForward(new StreamId(key("a")), 1, 10)).events();
        GlobalPosition next = new GlobalPosition(checkpoint.value() + 1);
        Handled.Stuck stuck =
                assertInstanceOf(
                        Handled.Stuck.class,
                        done(
                                forgetful.handle(
                                        lease,
                                        Slices.of(events, next, checkpoint),
                                        Slices.nothingParked())));
        assertEquals(events.getFirst().position().value() - 1, stuck.reached().value());
        assertTrue(stuck.because().contains("not exact"), stuck.because());
        assertEquals(
                "1", done(views.entry(name, key("a"))).orElseThrow().entry().orElseThrow().value());

        take(id);
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(() -> status().state() == ViewStatus.State.STALLED);
        assertEquals(stuck.because(), status().because());
        assertEquals(new PutResult.Changed(2), put("0", ".+10"));
        await().atMost(PATIENCE.toSeconds(), SECONDS).until(() -> status().viewVersion() == 2);
        assertEquals("20", readFrom(append("a", "{}"), "a").entry().orElseThrow().value());
    }

    /** Finds no entry, whatever is there. */
    private static final class Blind extends EntryTable {
        Blind(Pool pool) {
            super(pool, Definitions.DEFAULTS);
        }

        @Override
        Uni<Texts> load(int viewId, Projection.Batch batch) {
            return Uni.createFrom().item(Texts.NONE);
        }
    }

    @Test
    void entries_are_paged_in_the_order_of_their_keys() {
        put("0", ".+1");
        append("b", "{}");
        append("ä", "{}");
        append("B", "{}");
        caughtUp(append("a", "{}"));
        List<String> keys = new ArrayList<>();
        String after = null;
        Views.PageRead page;
        do {
            page = page(after, 3);
            page.entries().forEach(entry -> keys.add(entry.key()));
            after = keys.getLast();
        } while (page.full());
        assertEquals(List.of(key("B"), key("a"), key("b"), key("ä")), keys);
        assertEquals(4, status().entries());
        assertTrue(status().entriesExact());
    }

    @Test
    void a_key_that_is_no_entry_is_told_from_a_view_that_is_none() {
        put("0", ".+1");
        assertEquals(Optional.empty(), done(views.entry(name, "x")).orElseThrow().entry());
        assertEquals(Optional.empty(), done(views.entry(name, "\u0000")).orElseThrow().entry());
        assertEquals(List.of(), page(null, 10).entries());
        assertEquals(Optional.empty(), done(views.entry(new ViewName("none"), "x")));
    }

    @Test
    void a_view_of_a_log_with_history_is_building_and_then_live() {
        caughtUpAfterPut();
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(() -> status().state() == ViewStatus.State.LIVE);
        ViewStatus status = status();
        assertEquals(1.0, status.progress(), 0.5);
        assertNotNull(status.owner());
        assertTrue(done(views.list()).stream().anyMatch(one -> one.name().equals(name)));
    }

    @Test
    void a_stored_definition_that_is_refused_by_now_stops_no_other_view() {
        put("0", ".+1");
        caughtUp(append("a", "{}"));
        ViewName broken = new ViewName(name.value() + "-broken");
        String old = "{\"key\":\"nonsense(\",\"on\":{\"*\":\".\"}}";
        done(
                pool.preparedQuery(
                                "with v as (insert into stele.views (name, version, live,"
                                    + " definition) values ($1, 1, true, $2) returning id) insert"
                                    + " into stele.subscriptions (name, position) select 'view/' ||"
                                    + " id, 0 from v")
                        .execute(Tuple.of(broken.value(), old)));
        await().atMost(PATIENCE.toSeconds(), SECONDS)
                .until(
                        () ->
                                done(views.get(broken)).orElseThrow().state()
                                        == ViewStatus.State.STALLED);
        caughtUp(append("a", "{}"));
        assertTrue(done(views.delete(broken)));
    }

    private void caughtUpAfterPut() {
        append("a", "{}");
        put("0", ".+1");
        caughtUp(append("a", "{}"));
    }

    private PutResult put(String initial, String handler) {
        return done(views.put(name, definition(initial, handler)));
    }

    private byte[] definition(String initial, String handler) {
        return Definitions.json(
                "{'source':{'categories':['%s']},'key':'.stream','initial':%s,'on':{'*':'%s'}}"
                        .formatted(category, initial, handler.replace("\"", "\\'")));
    }

    private GlobalPosition append(String stream, String data) {
        NewEvent event =
                new NewEvent(
                        new EventId(UUID.randomUUID()),
                        new EventType("Happened"),
                        null,
                        null,
                        Payload.of(Definitions.json(data)),
                        null,
                        null,
                        References.NONE,
                        List.of());
        AppendResult result =
                done(
                        log.append(
                                Append.toStream(
                                        new StreamId(key(stream)),
                                        AppendCondition.any(),
                                        List.of(event),
                                        false,
                                        null)));
        return assertInstanceOf(AppendResult.Appended.class, result).places().getLast().position();
    }

    private String key(String stream) {
        return category + "-" + stream;
    }

    private void caughtUp(GlobalPosition position) {
        assertInstanceOf(Freshness.Reached.class, done(views.caughtUp(name, position, PATIENCE)));
    }

    private Views.EntryRead readFrom(GlobalPosition position, String stream) {
        caughtUp(position);
        return done(views.entry(name, key(stream))).orElseThrow();
    }

    private Views.PageRead page(@org.jspecify.annotations.Nullable String after, int limit) {
        return done(views.entries(name, after, limit)).orElseThrow();
    }

    private List<Parked.ParkedKey> parkedKeys() {
        Parked.Of of = done(views.parked(name)).orElseThrow();
        return done(parked.keys(of.subscription(), null, 10));
    }

    private ViewStatus status() {
        return done(views.get(name)).orElseThrow();
    }

    private int id() {
        return done(table.versions(List.of())).stream()
                .filter(version -> version.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private Row subscription(int id) {
        return one(
                "select epoch, position from stele.subscriptions where name = $1",
                ViewUpdater.subscription(id));
    }

    private ViewUpdater updater(int id, String definition, EntryTable table) {
        return new ViewUpdater(
                id,
                Definitions.compiled(definition),
                new ViewUpdater.Tools(
                        table,
                        checkpoints,
                        programs,
                        (_, _) -> Uni.createFrom().voidItem(),
                        _ -> Uni.createFrom().voidItem(),
                        Definitions.DEFAULTS));
    }

    /** Ends the lease of whoever runs the version. */
    private void take(int id) {
        done(
                pool.preparedQuery(
                                "update stele.subscriptions set epoch = epoch + 1, owner = null,"
                                        + " leased_until = clock_timestamp() where name = $1")
                        .execute(Tuple.of(ViewUpdater.subscription(id))));
    }

    private boolean hasEntries(int id) {
        return done(pool.preparedQuery(
                                "select exists (select from stele.view_entries where view_id = $1)"
                                    + " or exists (select from stele.removed_views where id = $1)"
                                    + " as there")
                        .execute(Tuple.of(id)))
                .iterator()
                .next()
                .getBoolean("there");
    }

    /** Versions of this test's view that have, or had, a row for the key of stream a. */
    private long versionsWithEntries() {
        return one("select count(*) as n from stele.view_entries where key = $1", key("a"))
                .getLong("n");
    }

    private Row one(String sql, String parameter) {
        return done(pool.preparedQuery(sql).execute(Tuple.of(parameter))).iterator().next();
    }

    private static <T> T done(Uni<T> uni) {
        return uni.await().atMost(PATIENCE.plusSeconds(5));
    }
}
