package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Lease;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where topics have events that the log has not, because it was put back, and where operators have
 * publications go on: columns of {@code stele.publications}.
 */
@ApplicationScoped
class ForkTable {

    private static final Statement LOCK = load("lock-publications");
    private static final Statement NOTE = load("note-fork");
    private static final Statement READ = load("read-fork");
    private static final Statement CONTINUE = load("continue-publication");
    private static final Statement EXISTS = load("read-publication-version");
    private static final Statement FORGET = load("forget-parked-behind");
    private static final Statement FENCE = load("fence-publication");
    private static final Statement SETTLE = load("settle-publication");

    private final Pool pool;
    private final PublicationConfig config;

    ForkTable(Pool pool, PublicationConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * A fork that is known.
     *
     * @param last the last event that both have
     * @param from where an operator has the publication go on; empty as long as nobody said so
     */
    record Known(GlobalPosition last, Optional<GlobalPosition> from) {}

    /** The fork behind which Kafka has events up to one that is gone; empty when not known yet. */
    Uni<Optional<Known>> read(PublicationName name, Landmark gone) {
        return run(READ, name.value(), gone.position().value(), gone.generation())
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(row -> known(position(row, "gone_after"), row)));
    }

    /** Notes a fork; empty when the version must not run, or not under this lease. */
    Uni<Optional<Known>> note(
            PublicationTable.Version version, Lease lease, GlobalPosition last, Landmark gone) {
        return run(
                        NOTE,
                        version.name().value(),
                        version.number(),
                        lease.subscription(),
                        lease.epoch(),
                        last.value(),
                        gone.position().value(),
                        gone.generation())
                .map(rows -> rows.stream().findFirst().map(row -> known(last, row)));
    }

    /** The publication goes on behind an event of the log as it is; false when it is fenced. */
    Uni<Boolean> settle(PublicationTable.Version version, Lease lease, Landmark at) {
        return run(
                        SETTLE,
                        version.name().value(),
                        version.number(),
                        lease.subscription(),
                        lease.epoch(),
                        at.position().value(),
                        at.uuid(),
                        at.generation())
                .map(rows -> rows.size() == 1);
    }

    /**
     * Has a publication go on. What is parked of events that are gone is forgotten.
     *
     * @param from empty = from the fork
     */
    Uni<ContinueResult> goOn(PublicationName name, Optional<GlobalPosition> from) {
        Function<SqlConnection, Uni<ContinueResult>> steps =
                connection ->
                        LOCK.run(connection)
                                .chain(
                                        () ->
                                                CONTINUE.run(
                                                        connection,
                                                        name.value(),
                                                        from.map(GlobalPosition::value)
                                                                .orElse(null)))
                                .chain(rows -> goOn(connection, name, rows));
        return pool.withTransaction(steps).ifNoItem().after(config.databaseTimeout()).fail();
    }

    private static Uni<ContinueResult> goOn(
            SqlConnection connection, PublicationName name, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return EXISTS.run(connection, name.value())
                    .map(
                            found ->
                                    found.size() == 0
                                            ? new ContinueResult.NoSuchPublication()
                                            : new ContinueResult.NotRestored());
        }
        Row row = rows.iterator().next();
        if (row.getBoolean("beyond_head")) {
            return Uni.createFrom().item(new ContinueResult.BeyondHead(position(row, "head")));
        }
        GlobalPosition wanted = position(row, "wanted");
        return FENCE.run(connection, name.subscription(), (Object) null)
                .chain(
                        () ->
                                FORGET.run(
                                        connection,
                                        name.subscription(),
                                        Math.min(wanted.value(), row.getLong("gone_after"))))
                .replaceWith(new ContinueResult.Continues(wanted));
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.databaseTimeout()).fail();
    }

    private static Known known(GlobalPosition last, Row row) {
        Long from = row.getLong("continue_from");
        return new Known(
                last, from == null ? Optional.empty() : Optional.of(new GlobalPosition(from)));
    }

    private static GlobalPosition position(Row row, String column) {
        return new GlobalPosition(row.getLong(column));
    }

    private static Statement load(String name) {
        return Statement.load(ForkTable.class, name);
    }
}
