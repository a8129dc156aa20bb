package dev.stele.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.subscription.Lease;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a write of entries does, on versions that no updater runs. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class EntryTableTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger IDS = new AtomicInteger(-1_000);
    private static final Map<String, Long> STORED = new TreeMap<>(Map.of("a", 5L, "b", 6L));

    @Inject Pool pool;
    @Inject EntryTable entries;

    private int id;
    private Lease lease = new Lease("unnamed", 1);

    @BeforeEach
    void store_two_entries() {
        id = IDS.decrementAndGet();
        lease = new Lease("test/" + id, 1);
        execute(
                "insert into stele.subscriptions (name, epoch, position) values ($1, 1, 10)",
                Tuple.of(lease.subscription()));
        for (var entry : STORED.entrySet()) {
            execute(
                    "insert into stele.view_entries (view_id, key, position, updated_at, value)"
                            + " values ($1, $2, $3, now(), '0')",
                    Tuple.of(id, entry.getKey(), entry.getValue()));
        }
    }

    @Test
    void what_was_read_is_updated_and_removed_and_what_was_not_there_is_added() {
        assertEquals(
                new EntryTable.Written.Done(),
                write(
                        lease,
                        Map.of("a", 5L, "b", 6L),
                        Map.of(
                                "a",
                                written(11),
                                "b",
                                removed(12),
                                "c",
                                written(13),
                                "d",
                                removed(14))));
        assertEquals(Map.of("a", 11L, "c", 13L), stored());
        assertEquals(20, checkpoint());
    }

    @Test
    void an_entry_that_is_there_is_never_taken_for_a_new_one() {
        requireRefused(Map.of("b", 6L), Map.of("a", written(11), "b", written(12)));
    }

    @Test
    void an_entry_that_moved_on_is_not_overwritten() {
        requireRefused(Map.of("a", 4L, "b", 6L), Map.of("a", written(11), "b", written(12)));
    }

    @Test
    void an_entry_that_moved_on_is_not_removed() {
        requireRefused(Map.of("a", 4L, "b", 6L), Map.of("a", removed(11), "b", written(12)));
    }

    @Test
    void an_entry_that_is_gone_does_not_begin_anew() {
        requireRefused(Map.of("b", 6L, "c", 7L), Map.of("b", written(11), "c", written(12)));
    }

    @Test
    void an_entry_that_nobody_read_is_not_taken_for_absent() {
        requireRefused(Map.of("b", 6L), Map.of("a", removed(11), "b", written(12)));
    }

    @Test
    void whoever_lost_the_lease_changes_nothing_and_is_told_nothing_else() {
        Lease old = new Lease(lease.subscription(), 0);
        Map<String, Change> changes = Map.of("a", written(11), "b", removed(12), "c", written(13));
        assertEquals(
                new EntryTable.Written.Fenced(), write(old, Map.of("a", 5L, "b", 6L), changes));
        assertEquals(new EntryTable.Written.Fenced(), write(old, Map.of(), changes));
        assertEquals(STORED, stored());
        assertEquals(10, checkpoint());
    }

    @Test
    void who_marks_a_version_inexact_first_says_why() {
        int version =
                execute(
                                "insert into stele.views (name, version, live, definition)"
                                        + " values ($1, 1, false, '{}') returning id",
                                Tuple.of("marked" + -id))
                        .getInteger("id");
        assertEquals(new EntryTable.Fit.Yes(), done(entries.fit(version)));
        done(entries.markInexact(version, "first"));
        done(entries.markInexact(version, "second"));
        assertEquals(new EntryTable.Fit.Inexact("first"), done(entries.fit(version)));
        execute("delete from stele.views where id = $1 returning id", Tuple.of(version));
    }

    private void requireRefused(Map<String, Long> found, Map<String, Change> changes) {
        assertInstanceOf(EntryTable.Written.Inexact.class, write(lease, found, changes));
        assertEquals(STORED, stored());
        assertEquals(10, checkpoint());
    }

    private EntryTable.Written write(
            Lease holder, Map<String, Long> found, Map<String, Change> changes) {
        Map<String, GlobalPosition> positions = new TreeMap<>();
        found.forEach((key, position) -> positions.put(key, new GlobalPosition(position)));
        GlobalPosition checkpoint = new GlobalPosition(10);
        GlobalPosition reached = new GlobalPosition(20);
        return done(
                entries.write(
                        holder,
                        id,
                        Slices.of(List.of(), reached, checkpoint),
                        Landmark.unnamed(reached),
                        new EntryTable.Texts(positions, Map.of(), Set.of()),
                        changes,
                        Slices.noChange()));
    }

    private static Change written(long position) {
        return new Change.Written(
                TextNode.valueOf("new"), "\"new\"", new GlobalPosition(position), Instant.EPOCH);
    }

    private static Change removed(long position) {
        return new Change.Removed(new GlobalPosition(position), Instant.EPOCH);
    }

    private Map<String, Long> stored() {
        Map<String, Long> stored = new TreeMap<>();
        done(pool.preparedQuery("select key, position from stele.view_entries where view_id = $1")
                        .execute(Tuple.of(id)))
                .forEach(row -> stored.put(row.getString("key"), row.getLong("position")));
        return stored;
    }

    private long checkpoint() {
        return execute(
                        "select position from stele.subscriptions where name = $1",
                        Tuple.of(lease.subscription()))
                .getLong("position");
    }

    private Row execute(String sql, Tuple parameters) {
        String returning =
                sql.startsWith("insert") && !sql.contains("returning") ? " returning 1" : "";
        return done(pool.preparedQuery(sql + returning).execute(parameters)).iterator().next();
    }

    private static <T> T done(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
