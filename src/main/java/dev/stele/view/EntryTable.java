package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.CanonicalJson;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Lease;
import dev.stele.subscription.ParkingChange;
import dev.stele.subscription.Slice;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
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

    private final Pool pool;
    private final ViewConfig config;

    EntryTable(Pool pool, ViewConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** Entries as they lie in the table; no value = there, but too much to load. */
    record Texts(Map<String, String> values, Set<String> unknown) {

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

    /**
     * Writes changes, what is parked, and the checkpoint.
     *
     * @param slice what was handled, up to {@code reached} (inclusive)
     * @return false when the lease is lost, and then nothing changed
     */
    Uni<Boolean> write(
            Lease lease,
            int viewId,
            Slice slice,
            GlobalPosition reached,
            Map<String, Change> changes,
            ParkingChange parking) {
        Columns columns = new Columns();
        changes.forEach(columns::add);
        List<Object> parameters = new ArrayList<>();
        parameters.add(lease.subscription());
        parameters.add(lease.epoch());
        parameters.add(slice.checkpointAtLeast().value());
        parameters.add(slice.checkpointAtMost().value());
        parameters.add(slice.checkpointAt(reached).value());
        parameters.add(viewId);
        parameters.addAll(columns.parameters());
        parameters.add(!parking.isEmpty());
        parameters.addAll(parking.parameters());
        return run(WRITE, parameters.toArray())
                .map(rows -> rows.iterator().next().getLong("moved") == 1);
    }

    private Uni<RowSet<Row>> run(Statement statement, Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Texts texts(RowSet<Row> rows) {
        Map<String, String> values = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        for (Row row : rows) {
            String key = row.getString("key");
            @Nullable String value = row.getString("value");
            if (value == null) {
                unknown.add(key);
            } else {
                values.put(key, value);
            }
        }
        return new Texts(values, unknown);
    }

    /** The changes, one list per column. */
    private static final class Columns {
        final List<String> removed = new ArrayList<>();
        final List<String> keys = new ArrayList<>();
        final List<String> values = new ArrayList<>();
        final List<Long> positions = new ArrayList<>();
        final List<OffsetDateTime> times = new ArrayList<>();

        List<Object> parameters() {
            return List.of(
                    removed.toArray(String[]::new),
                    keys.toArray(String[]::new),
                    values.toArray(String[]::new),
                    positions.toArray(Long[]::new),
                    times.toArray(OffsetDateTime[]::new));
        }

        void add(String key, Change change) {
            switch (change) {
                case Change.Removed _ -> removed.add(key);
                case Change.Written(_, var text, var position, var recordedAt) -> {
                    keys.add(key);
                    values.add(text);
                    positions.add(position.value());
                    times.add(recordedAt.atOffset(ZoneOffset.UTC));
                }
            }
        }
    }
}
