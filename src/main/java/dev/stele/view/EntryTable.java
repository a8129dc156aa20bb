package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.json.CanonicalJson;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Lease;
import dev.stele.subscription.ParkingChange;
import dev.stele.subscription.Slice;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The entries of the versions, as updaters read and write them. */
@ApplicationScoped
class EntryTable {

    private static final Statement LOAD = Statement.load(EntryTable.class, "load-entries");
    private static final Statement WRITE = Statement.load(EntryTable.class, "write-entries");
    private static final Statement MARK = Statement.load(EntryTable.class, "mark-inexact");
    private static final Statement READ_MARK = Statement.load(EntryTable.class, "read-inexact");

    /** An entry was found otherwise than it was read; or there was one where none was read. */
    private static final Set<String> INEXACT = Set.of("ST001", "23505");

    private final Pool pool;
    private final ViewConfig config;

    EntryTable(Pool pool, ViewConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * Entries as they lie in the table.
     *
     * @param positions of those that are there
     * @param unknown those that are there, but were too much to load
     */
    record Texts(
            Map<String, GlobalPosition> positions,
            Map<String, String> values,
            Set<String> unknown) {

        static final Texts NONE = new Texts(Map.of(), Map.of(), Set.of());

        Projection.Loaded parsed() {
            Map<String, JsonNode> trees = new HashMap<>();
            values.forEach((key, text) -> trees.put(key, CanonicalJson.tree(text)));
            return new Projection.Loaded(trees, unknown);
        }
    }

    /** The entries that a batch touches; those of its first event in any case. */
    Uni<Texts> load(int viewId, Projection.Batch batch) {
        return run(
                        LOAD,
                        viewId,
                        batch.keys().toArray(String[]::new),
                        config.batchBytes(),
                        batch.events().getFirst().keys().size())
                .map(EntryTable::texts);
    }

    /** What a write came to. Nothing changed, unless it is done. */
    sealed interface Written {
        record Done() implements Written {}

        /** The lease is lost, or the checkpoint is elsewhere. */
        record Fenced() implements Written {}

        /** An entry is not what was read and folded on: something is wrong with the view. */
        record Inexact(String because) implements Written {}
    }

    /**
     * Writes changes, what is parked, and the checkpoint.
     *
     * @param slice what was handled, up to the event {@code reached} (inclusive)
     * @param on the entries that were read and folded on; a change of any other key is of an entry
     *     that was not there
     */
    Uni<Written> write(
            Lease lease,
            int viewId,
            Slice slice,
            Landmark reached,
            Texts on,
            Map<String, Change> changes,
            ParkingChange parking) {
        Columns columns = new Columns();
        changes.forEach((key, change) -> columns.add(key, on.positions().get(key), change));
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(lease.subscription());
        parameters.add(lease.epoch());
        parameters.add(slice.checkpointAtLeast().value());
        parameters.add(slice.checkpointAtMost().value());
        parameters.add(reached.position().value());
        parameters.add(viewId);
        parameters.addAll(columns.parameters());
        parameters.add(!parking.isEmpty());
        parameters.addAll(parking.parameters());
        parameters.add(reached.uuid());
        parameters.add(reached.generation());
        return run(WRITE, parameters.toArray())
                .map(EntryTable::written)
                .onFailure(EntryTable::isInexact)
                .recoverWithItem(failure -> new Written.Inexact(DatabaseFailure.describe(failure)));
    }

    private static Written written(RowSet<Row> rows) {
        return rows.iterator().next().getLong("moved") == 1
                ? new Written.Done()
                : new Written.Fenced();
    }

    private static boolean isInexact(Throwable failure) {
        return INEXACT.contains(DatabaseFailure.state(failure));
    }

    /** Lets nobody update the version any more; whoever does next is told why. */
    Uni<Void> markInexact(int viewId, String because) {
        return run(MARK, viewId, because).replaceWithVoid();
    }

    /** Whether a version may be updated any more. */
    sealed interface Fit {
        record Yes() implements Fit {}

        /** What it was folded from is gone. */
        record Stale() implements Fit {}

        /** Its entries are not the fold. */
        record Inexact(String because) implements Fit {}
    }

    Uni<Fit> fit(int viewId) {
        return run(READ_MARK, viewId)
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(EntryTable::unfit)
                                        .orElse(new Fit.Yes()));
    }

    private static Fit unfit(Row row) {
        String because = row.getString("inexact");
        return because == null ? new Fit.Stale() : new Fit.Inexact(because);
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Texts texts(RowSet<Row> rows) {
        Map<String, GlobalPosition> positions = new HashMap<>();
        Map<String, String> values = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        for (Row row : rows) {
            String key = row.getString("key");
            positions.put(key, new GlobalPosition(row.getLong("position")));
            @Nullable String value = row.getString("value");
            if (value == null) {
                unknown.add(key);
            } else {
                values.put(key, value);
            }
        }
        return new Texts(positions, values, unknown);
    }

    /** The changes, one list per column. */
    private static final class Columns {
        final List<String> keys = new ArrayList<>();
        final List<@Nullable Long> found = new ArrayList<>();
        final List<@Nullable String> values = new ArrayList<>();
        final List<Long> positions = new ArrayList<>();
        final List<OffsetDateTime> times = new ArrayList<>();

        List<Object> parameters() {
            return List.of(
                    keys.toArray(String[]::new),
                    found.toArray(Long[]::new),
                    values.toArray(String[]::new),
                    positions.toArray(Long[]::new),
                    times.toArray(OffsetDateTime[]::new));
        }

        void add(String key, @Nullable GlobalPosition at, Change change) {
            switch (change) {
                case Change.Removed(var position, var time) -> add(key, at, null, position, time);
                case Change.Written(_, var text, var position, var time) ->
                        add(key, at, text, position, time);
            }
        }

        private void add(
                String key,
                @Nullable GlobalPosition at,
                @Nullable String value,
                GlobalPosition position,
                Instant time) {
            keys.add(key);
            found.add(at == null ? null : at.value());
            values.add(value);
            positions.add(position.value());
            times.add(time.atOffset(ZoneOffset.UTC));
        }
    }
}
