package dev.stele.publish;

import dev.stele.definition.LocalDefinitions;
import dev.stele.definition.PutResult;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.postgres.Statement;
import dev.stele.publish.PublicationDefinition.Start;
import dev.stele.subscription.Lease;
import dev.stele.subscription.ParkedTable;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The definitions, one row per name. Every change of one fences whoever runs it, so that nobody
 * goes on with what is no longer true.
 */
@ApplicationScoped
class PublicationTable {

    private static final Statement LOCK = load("lock-publications");
    private static final Statement READ_TO_CHANGE = load("read-publication-to-change");
    private static final Statement WRITE = load("write-publication");
    private static final Statement FENCE = load("fence-publication");
    private static final Statement DELETE = load("delete-publication");
    private static final Statement PAUSE = load("pause-publication");
    private static final Statement READ = load("read-publications");
    private static final Statement CHECK = load("check-publication");
    private static final Statement SAVE_DELAYS = load("save-delays");

    private final Pool pool;
    private final PublicationConfig config;

    PublicationTable(Pool pool, PublicationConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * A version of a definition.
     *
     * @param begun the version that began anew at a position: itself, or an earlier one
     */
    record Version(PublicationName name, int number, int begun) {}

    /**
     * A publication as every replica needs to know it.
     *
     * @param definition its text; null when it is built in, or the caller had it already
     */
    record Known(Version version, boolean paused, @Nullable String definition)
            implements LocalDefinitions.Version {

        @Override
        public String key() {
            return version.name().subscription();
        }

        @Override
        public int number() {
            return version.number();
        }

        @Override
        public boolean runs() {
            return !paused;
        }

        @Override
        public String label() {
            return "publication %s version %d".formatted(version.name(), version.number());
        }
    }

    private record Stored(
            int version, int begun, boolean paused, boolean deleted, @Nullable String definition) {}

    /** Reads what is stored; it was accepted once. */
    interface Reader extends Function<Payload, Optional<PublicationDefinition>> {}

    /**
     * Makes this the publication's definition.
     *
     * @param head where one begins that is about what comes from now on
     */
    Uni<PutResult> put(
            PublicationName name,
            PublicationDefinition wanted,
            GlobalPosition head,
            Reader reader) {
        return change(
                name,
                (connection, found) ->
                        found.filter(stored -> !stored.deleted())
                                .map(stored -> put(connection, name, wanted, head, stored, reader))
                                .orElseGet(() -> create(connection, name, wanted, head, found)));
    }

    private static Uni<PutResult> create(
            SqlConnection connection,
            PublicationName name,
            PublicationDefinition wanted,
            GlobalPosition head,
            Optional<Stored> deleted) {
        int version = deleted.map(Stored::version).orElse(0) + 1;
        return write(connection, name, version, version, wanted)
                .chain(() -> fence(connection, name, wanted.from().after(head)))
                .replaceWith(new PutResult.Created(version));
    }

    private static Uni<PutResult> put(
            SqlConnection connection,
            PublicationName name,
            PublicationDefinition wanted,
            GlobalPosition head,
            Stored stored,
            Reader reader) {
        Optional<PublicationDefinition> before =
                Optional.ofNullable(stored.definition()).map(Payload::of).flatMap(reader);
        if (before.filter(wanted::saysTheSameAs).isPresent()) {
            return Uni.createFrom().item(new PutResult.Same(stored.version()));
        }
        int version = stored.version() + 1;
        Optional<Start> startBefore = before.map(PublicationDefinition::from);
        boolean moves = !startBefore.equals(Optional.of(wanted.from()));
        boolean sameTopic =
                before.map(PublicationDefinition::topic).equals(Optional.of(wanted.topic()));
        // In the same topic it never goes back, whatever is asked for: what is in Kafka counts on.
        int begun = moves && !sameTopic ? version : stored.begun();
        return write(connection, name, version, begun, wanted)
                .chain(() -> fence(connection, name, moves ? wanted.from().after(head) : null))
                // What the earlier definition could not send, this one perhaps can.
                .chain(
                        () ->
                                begun == version
                                        ? ParkedTable.forgetAll(connection, name.subscription())
                                        : ParkedTable.retryAll(connection, name.subscription()))
                .replaceWith(new PutResult.Changed(version));
    }

    private static Uni<Void> write(
            SqlConnection connection,
            PublicationName name,
            int version,
            int begun,
            PublicationDefinition definition) {
        return WRITE.run(connection, name.value(), version, begun, definition.text().toString())
                .replaceWithVoid();
    }

    private static Uni<Void> fence(
            SqlConnection connection, PublicationName name, @Nullable GlobalPosition to) {
        return FENCE.run(connection, name.subscription(), to == null ? null : to.value())
                .replaceWithVoid();
    }

    /** Removes a publication; false when there is none. */
    Uni<Boolean> delete(PublicationName name) {
        return changeExisting(
                name,
                (connection, _) ->
                        DELETE.run(connection, name.value())
                                .chain(() -> fence(connection, name, null))
                                .chain(
                                        () ->
                                                ParkedTable.forgetAll(
                                                        connection, name.subscription())));
    }

    /** Pauses a publication or lets it go on; false when there is none. */
    Uni<Boolean> pause(PublicationName name, boolean paused) {
        return changeExisting(
                name,
                (connection, stored) ->
                        stored.paused() == paused
                                ? Uni.createFrom().voidItem()
                                : PAUSE.run(connection, name.value(), paused)
                                        .chain(() -> fence(connection, name, null)));
    }

    private Uni<Boolean> changeExisting(PublicationName name, ChangeOf<Stored, Void> change) {
        return change(
                name,
                (connection, found) ->
                        found.filter(stored -> !stored.deleted())
                                .map(stored -> change.of(connection, stored).replaceWith(true))
                                .orElseGet(() -> Uni.createFrom().item(false)));
    }

    /** What to do with a row, while nobody else changes any. */
    private interface ChangeOf<S, T> {
        Uni<T> of(SqlConnection connection, S stored);
    }

    private <T> Uni<T> change(PublicationName name, ChangeOf<Optional<Stored>, T> change) {
        Function<SqlConnection, Uni<T>> steps =
                connection ->
                        LOCK.run(connection)
                                .chain(() -> READ_TO_CHANGE.run(connection, name.value()))
                                .chain(rows -> change.of(connection, stored(rows)));
        return pool.withTransaction(steps).ifNoItem().after(config.databaseTimeout()).fail();
    }

    private static Optional<Stored> stored(RowSet<Row> rows) {
        return rows.stream()
                .findFirst()
                .map(
                        row ->
                                new Stored(
                                        row.getInteger("version"),
                                        row.getInteger("begun_version"),
                                        row.getBoolean("paused"),
                                        row.getBoolean("deleted"),
                                        row.getString("definition")));
    }

    /** All publications; without the texts of those versions that are known. */
    Uni<List<Known>> all(Collection<Version> known) {
        return run(
                        READ,
                        known.stream().map(each -> each.name().value()).toArray(String[]::new),
                        known.stream().map(Version::number).toArray(Integer[]::new))
                .map(
                        rows -> {
                            List<Known> all = new ArrayList<>(rows.size());
                            rows.forEach(row -> all.add(known(row)));
                            return all;
                        });
    }

    private static Known known(Row row) {
        return new Known(
                new Version(
                        new PublicationName(row.getString("name")),
                        row.getInteger("version"),
                        row.getInteger("begun_version")),
                row.getBoolean("paused"),
                row.getString("definition"));
    }

    /** Whether a version is the one that runs, and a lease the one to run it under. */
    Uni<Boolean> mayRun(Version version, Lease lease) {
        return run(
                        CHECK,
                        version.name().value(),
                        version.number(),
                        lease.subscription(),
                        lease.epoch())
                .map(rows -> rows.size() == 1);
    }

    /** Notes how long publications of this replica take, for all to see. */
    Uni<Void> saveDelays(Map<Version, Delay.Percentiles> measured) {
        List<Version> versions = List.copyOf(measured.keySet());
        List<Delay.Percentiles> delays = versions.stream().map(measured::get).toList();
        return run(
                        SAVE_DELAYS,
                        versions.stream().map(each -> each.name().value()).toArray(String[]::new),
                        versions.stream().map(Version::number).toArray(Integer[]::new),
                        delays.stream().map(Delay.Percentiles::p50Millis).toArray(Double[]::new),
                        delays.stream().map(Delay.Percentiles::p99Millis).toArray(Double[]::new))
                .replaceWithVoid();
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.databaseTimeout()).fail();
    }

    private static Statement load(String name) {
        return Statement.load(PublicationTable.class, name);
    }
}
