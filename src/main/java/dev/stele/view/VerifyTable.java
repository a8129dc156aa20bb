package dev.stele.view;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a check of a view reads of it, and what it leaves there. */
@ApplicationScoped
class VerifyTable {

    private static final Statement READ_VIEW = load("read-view-to-verify");
    private static final Statement READ_SAMPLE_END = load("read-sample-end");
    private static final Statement READ_ENTRIES = load("read-entries-to-verify");
    private static final Statement SAVE = load("save-verified");
    private static final Statement READ_VERIFIED = load("read-verified");

    private final Pool pool;
    private final ViewConfig config;

    VerifyTable(Pool pool, ViewConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** The version that reads see. */
    record Live(int id, int number, String definition) {}

    /** What some keys of a version have for entries. */
    sealed interface Found {
        /** The entries, where they stand, and what was not folded into them. */
        record Entries(
                GlobalPosition checkpoint, Map<String, Refold.State> entries, LeftOut leftOut)
                implements Found {}

        /** More than may be in memory. */
        record TooMuch() implements Found {}

        /** Reads do not see the version any more. */
        record Gone() implements Found {}
    }

    /** How many keys of a view were compared last, and whether it is time to do so again, here. */
    record Verified(ViewName name, @Nullable Long keys, @Nullable Long different, boolean due) {}

    Uni<Optional<Live>> live(ViewName name) {
        return run(READ_VIEW, name.value())
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(
                                                row ->
                                                        new Live(
                                                                row.getInteger("id"),
                                                                row.getInteger("version"),
                                                                row.getString("definition"))));
    }

    /** As much of a range as has so many entries. */
    Uni<KeyRange> sample(int viewId, KeyRange all, int keys) {
        return run(READ_SAMPLE_END, viewId, all.offset(), keys)
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(row -> all.until(row.getLong("place")))
                                        .orElse(all));
    }

    /** The entries of some keys, and the position that they are the fold up to. */
    Uni<Found> entries(int viewId, KeyRange keys) {
        return run(
                        READ_ENTRIES,
                        viewId,
                        keys.offset(),
                        keys.from(),
                        keys.to(),
                        config.verify().keys(),
                        config.verify().bytes())
                .map(this::found);
    }

    private Found found(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return new Found.Gone();
        }
        Row first = rows.iterator().next();
        Map<String, Refold.State> entries = new HashMap<>();
        for (Row row : rows) {
            String key = row.getString("key");
            if (key != null) {
                GlobalPosition position = new GlobalPosition(row.getLong("position"));
                entries.put(key, new Refold.State(row.getString("value"), position));
            }
        }
        boolean tooMuch =
                !entries.isEmpty()
                        && (first.getLong("available") > entries.size()
                                || entries.size() > config.verify().keys());
        return tooMuch
                ? new Found.TooMuch()
                : new Found.Entries(
                        new GlobalPosition(first.getLong("checkpoint")), entries, leftOut(rows));
    }

    private static LeftOut leftOut(RowSet<Row> rows) {
        LeftOut leftOut = new LeftOut();
        for (Row row : rows) {
            String[] keys = row.getArrayOfStrings("left_out_keys");
            if (keys != null) {
                Long[] positions = row.getArrayOfLongs("left_out_positions");
                Boolean[] wholes = row.getArrayOfBooleans("left_out_wholes");
                for (int i = 0; i < keys.length; i++) {
                    leftOut.add(keys[i], positions[i], wholes[i]);
                }
            }
        }
        return leftOut;
    }

    /** Writes down what a check came to; false when reads do not see the version any more. */
    Uni<Boolean> save(int viewId, Findings findings) {
        return run(SAVE, viewId, findings.checked(), findings.different())
                .map(rows -> rows.size() == 1);
    }

    /**
     * What is known of all views.
     *
     * @param every how old a check may be; empty = none is due
     */
    Uni<List<Verified>> verified(String replica, Optional<Duration> every) {
        return run(READ_VERIFIED, replica, every.map(Duration::toMillis).orElse(null))
                .map(
                        rows -> {
                            List<Verified> all = new ArrayList<>();
                            rows.forEach(
                                    row ->
                                            all.add(
                                                    new Verified(
                                                            new ViewName(row.getString("name")),
                                                            row.getLong("verified_keys"),
                                                            row.getLong("different_keys"),
                                                            row.getBoolean("due"))));
                            return all;
                        });
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Statement load(String name) {
        return Statement.load(VerifyTable.class, name);
    }
}
