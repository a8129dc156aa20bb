package dev.stele.view;

import dev.stele.definition.LocalDefinitions;
import dev.stele.definition.PutResult;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The definitions, one row per version.
 *
 * <p>Whoever adds or removes one holds the definitions' lock, so that the same PUT at two replicas
 * makes one view. A promotion needs no lock but that of its rows, which the others lock too.
 */
@ApplicationScoped
class ViewTable {

    private static final Statement LOCK = load("lock-definitions");
    private static final Statement READ_TO_CHANGE = load("read-versions-to-change");
    private static final Statement ADD = load("add-version");
    private static final Statement MARK_STALE = load("mark-stale");
    private static final Statement REMOVE = load("remove-versions");
    private static final Statement PROMOTE = load("promote-view");
    private static final Statement MARK_BUILT = load("mark-built");
    private static final Statement DELETE_REMOVED = load("delete-removed-entries");
    private static final Statement READ = load("read-versions");

    private final Pool pool;
    private final ViewConfig config;

    ViewTable(Pool pool, ViewConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * A version as every replica needs to know it.
     *
     * @param built whether it ever reached the head
     * @param definition its text; null when the caller had it already
     */
    record Version(
            int id,
            ViewName name,
            int number,
            boolean live,
            boolean built,
            GlobalPosition position,
            @Nullable String definition)
            implements LocalDefinitions.Version {

        @Override
        public String key() {
            return ViewUpdater.subscription(id);
        }

        @Override
        public boolean runs() {
            return true;
        }

        @Override
        public String label() {
            return "view %s version %d".formatted(name, number);
        }
    }

    private record Stored(int id, int number, boolean live, boolean stale, String definition) {

        boolean saysTheSameAs(ViewDefinition wanted) {
            byte[] text = Payload.of(definition).bytes();
            return JsonDocument.read(text, "stored", Integer.MAX_VALUE)
                            instanceof Parsed.Valid(var document)
                    && wanted.saysTheSameAs(document);
        }
    }

    /** Makes this the view's definition. */
    Uni<PutResult> put(ViewName name, ViewDefinition wanted) {
        return change(name, (connection, versions) -> put(connection, name, wanted, versions));
    }

    private Uni<PutResult> put(
            SqlConnection connection, ViewName name, ViewDefinition wanted, List<Stored> versions) {
        Optional<Stored> same =
                versions.stream().filter(one -> one.saysTheSameAs(wanted)).findFirst();
        if (same.isPresent()) {
            // It may be the live one while another is built: that one is no longer wanted.
            return remove(connection, building(versions, same.get()))
                    .replaceWith(new PutResult.Same(same.get().number()));
        }
        boolean first = versions.isEmpty();
        int next = first ? 1 : versions.getFirst().number() + 1;
        return remove(connection, building(versions, null))
                .chain(() -> add(connection, name, next, first, wanted.text().toString()))
                .replaceWith(first ? new PutResult.Created(next) : new PutResult.Changed(next));
    }

    private static List<Stored> building(List<Stored> versions, @Nullable Stored kept) {
        return versions.stream().filter(one -> !one.live() && !one.equals(kept)).toList();
    }

    private static Uni<Void> add(
            SqlConnection connection, ViewName name, int version, boolean live, String definition) {
        return ADD.run(connection, name.value(), version, live, definition).replaceWithVoid();
    }

    /**
     * Has a version built anew from the log as it is, unless that is under way: what it was folded
     * from is gone. Readers see it until the new one takes the name.
     */
    Uni<Void> rebuild(int id) {
        Function<SqlConnection, Uni<Void>> steps =
                connection ->
                        LOCK.run(connection)
                                .chain(() -> MARK_STALE.run(connection, id))
                                .chain(
                                        rows ->
                                                rows.size() == 0
                                                        ? Uni.createFrom().voidItem()
                                                        : rebuild(
                                                                connection,
                                                                rows.iterator().next()));
        return pool.withTransaction(steps).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Uni<Void> rebuild(SqlConnection connection, Row stale) {
        ViewName name = new ViewName(stale.getString("name"));
        return READ_TO_CHANGE
                .run(connection, name.value())
                .map(ViewTable::stored)
                .chain(
                        versions -> {
                            List<Stored> building = building(versions, null);
                            if (building.stream().anyMatch(one -> !one.stale())) {
                                return Uni.createFrom().voidItem();
                            }
                            int next = versions.getFirst().number() + 1;
                            String definition = stale.getString("definition");
                            return remove(connection, building)
                                    .chain(() -> add(connection, name, next, false, definition));
                        });
    }

    /** Removes all versions; false when there is none. */
    Uni<Boolean> delete(ViewName name) {
        return change(
                name,
                (connection, versions) ->
                        remove(connection, versions).replaceWith(!versions.isEmpty()));
    }

    private static Uni<Void> remove(SqlConnection connection, List<Stored> versions) {
        return versions.isEmpty()
                ? Uni.createFrom().voidItem()
                : REMOVE.run(
                                connection,
                                (Object) versions.stream().map(Stored::id).toArray(Integer[]::new))
                        .replaceWithVoid();
    }

    /** What to do with the versions of a name, the newest first, while they are locked. */
    private interface ChangeOf<T> {
        Uni<T> of(SqlConnection connection, List<Stored> versions);
    }

    private <T> Uni<T> change(ViewName name, ChangeOf<T> change) {
        Function<SqlConnection, Uni<T>> steps =
                connection ->
                        LOCK.run(connection)
                                .chain(() -> READ_TO_CHANGE.run(connection, name.value()))
                                .chain(rows -> change.of(connection, stored(rows)));
        return pool.withTransaction(steps).ifNoItem().after(config.answerTimeout()).fail();
    }

    /**
     * Lets a built version take its name, if it has come to {@code reached} and is not behind the
     * live one; false when it is too early or too late.
     */
    Uni<Boolean> promote(int id, GlobalPosition reached) {
        return run(pool, PROMOTE, id, reached.value()).map(rows -> rows.size() == 1);
    }

    /** Notes that a live version has reached the head for the first time. */
    Uni<Void> markBuilt(int id) {
        return run(pool, MARK_BUILT, id).replaceWithVoid();
    }

    /** Deletes some of the entries of versions that are gone. */
    Uni<Void> deleteRemovedEntries() {
        return run(pool, DELETE_REMOVED, config.deleteEntries()).replaceWithVoid();
    }

    /** All versions; without the texts of those that are known. */
    Uni<List<Version>> versions(List<Version> known) {
        return run(pool, READ, (Object) known.stream().map(Version::id).toArray(Integer[]::new))
                .map(ViewTable::versions);
    }

    private Uni<RowSet<Row>> run(SqlClient client, Statement statement, Object... parameters) {
        return statement.run(client, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static List<Version> versions(RowSet<Row> rows) {
        List<Version> versions = new ArrayList<>(rows.size());
        for (Row row : rows) {
            versions.add(
                    new Version(
                            row.getInteger("id"),
                            new ViewName(row.getString("name")),
                            row.getInteger("version"),
                            row.getBoolean("live"),
                            row.getBoolean("built"),
                            new GlobalPosition(row.getLong("position")),
                            row.getString("definition")));
        }
        return versions;
    }

    private static List<Stored> stored(RowSet<Row> rows) {
        List<Stored> versions = new ArrayList<>(rows.size());
        for (Row row : rows) {
            versions.add(
                    new Stored(
                            row.getInteger("id"),
                            row.getInteger("version"),
                            row.getBoolean("live"),
                            row.getBoolean("stale"),
                            row.getString("definition")));
        }
        return versions;
    }

    private static Statement load(String name) {
        return Statement.load(ViewTable.class, name);
    }
}
