package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code stele.subscriptions}: checkpoints, leases, and why something does not move.
 */
@ApplicationScoped
public class Checkpoints {

    private static final Statement READ_OWN = load("read-own-checkpoint");
    private static final Statement SAVE = load("save-checkpoint");
    private static final Statement ADVANCE = load("advance-checkpoints");
    private static final Statement SAVE_ERROR = load("save-error");
    private static final Statement ACQUIRE = load("acquire-leases");
    private static final Statement RENEW = load("renew-leases");
    private static final Statement RELEASE = load("release-leases");

    private final Pool pool;
    private final SubscriptionConfig config;

    Checkpoints(Pool pool, SubscriptionConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** Moves the checkpoint of a lease, if it still holds and is where it should be. */
    public Uni<Handled> save(Lease lease, GlobalPosition next) {
        return run(
                        SAVE,
                        lease.subscription(),
                        lease.epoch(),
                        lease.checkpoint().value(),
                        next.value())
                .map(rows -> rows.size() == 1 ? new Handled.Done(next) : new Handled.Fenced());
    }

    /**
     * Moves checkpoints forward to those of the leases.
     *
     * @return the names of the subscriptions whose lease still holds
     */
    public Uni<Set<String>> advance(List<Lease> reached) {
        return run(
                        ADVANCE,
                        reached.stream().map(Lease::subscription).toArray(String[]::new),
                        reached.stream().map(Lease::epoch).toArray(Long[]::new),
                        reached.stream()
                                .map(lease -> lease.checkpoint().value())
                                .toArray(Long[]::new))
                .map(
                        rows ->
                                rows.stream()
                                        .map(row -> row.getString("name"))
                                        .collect(Collectors.toSet()));
    }

    /** Records why a subscription does not move; null = it does. */
    Uni<Void> saveError(Lease lease, @Nullable String error) {
        return run(SAVE_ERROR, lease.subscription(), lease.epoch(), error).replaceWithVoid();
    }

    /** The lease at its stored checkpoint; empty when it is lost. */
    Uni<Optional<Lease>> reread(Lease lease) {
        return run(READ_OWN, lease.subscription(), lease.epoch())
                .map(rows -> rows.stream().findFirst().map(row -> lease.at(position(row))));
    }

    /** Takes the leases that nobody holds, among those of these names. */
    Uni<List<Lease>> acquire(String owner, String[] names) {
        return run(ACQUIRE, owner, names, config.leaseDuration().toMillis())
                .map(Checkpoints::leases);
    }

    /** Prolongs what is still held. */
    Uni<List<Lease>> renew(String owner, String[] names, Long[] epochs) {
        return run(RENEW, owner, names, epochs, config.leaseDuration().toMillis())
                .map(Checkpoints::leases);
    }

    /** Gives all leases of a replica back. */
    Uni<Void> release(String owner) {
        return run(RELEASE, owner).replaceWithVoid();
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static List<Lease> leases(RowSet<Row> rows) {
        List<Lease> leases = new ArrayList<>(rows.size());
        for (Row row : rows) {
            leases.add(new Lease(row.getString("name"), row.getLong("epoch"), position(row)));
        }
        return leases;
    }

    private static GlobalPosition position(Row row) {
        return new GlobalPosition(row.getLong("position"));
    }

    private static Statement load(String name) {
        return Statement.load(Checkpoints.class, name);
    }
}
