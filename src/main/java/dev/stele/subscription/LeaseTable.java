package dev.stele.subscription;

import dev.stele.event.Landmark;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/**
 * Who may run what: the leases in {@code stele.subscriptions}, and the replicas that share them.
 */
@ApplicationScoped
class LeaseTable {

    private static final Statement SEE_REPLICAS = load("see-replicas");
    private static final Statement REMOVE_REPLICA = load("remove-replica");
    private static final Statement ACQUIRE = load("acquire-leases");
    private static final Statement RENEW = load("renew-leases");
    private static final Statement RELEASE = load("release-lease");
    private static final Statement FIND_RETURNED = load("find-returned-leases");

    private final Pool pool;
    private final SubscriptionConfig config;

    LeaseTable(Pool pool, SubscriptionConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** A lease that was free, and the subscription's checkpoint. */
    record Won(Lease lease, Landmark checkpoint) {}

    /** A lease that still holds; {@code retry}: parked keys are to be tried again. */
    record Renewed(Lease lease, boolean retry) {}

    /** Says that a replica is there; how many there are with it. */
    Uni<Integer> replicas(String replica) {
        return run(SEE_REPLICAS, replica, config.leaseDuration().toMillis())
                .map(rows -> rows.iterator().next().getInteger("replicas"));
    }

    /** A replica is there no longer. */
    Uni<Void> removeReplica(String replica) {
        return run(REMOVE_REPLICA, replica).replaceWithVoid();
    }

    /**
     * Takes leases that nobody holds, among those of these names.
     *
     * @param atMost so many; but any number of those that nobody took for the time of a lease
     */
    Uni<List<Won>> acquire(String replica, Collection<String> names, int atMost) {
        long duration = config.leaseDuration().toMillis();
        return run(ACQUIRE, replica, names.toArray(String[]::new), duration, atMost, duration)
                .map(
                        rows ->
                                rows.stream()
                                        .map(row -> new Won(lease(row), Checkpoints.landmark(row)))
                                        .toList());
    }

    /** Prolongs what is still held. */
    Uni<List<Renewed>> renew(String replica, List<Lease> held) {
        return run(
                        RENEW,
                        replica,
                        held.stream().map(Lease::subscription).toArray(String[]::new),
                        held.stream().map(Lease::epoch).toArray(Long[]::new),
                        config.leaseDuration().toMillis())
                .map(
                        rows ->
                                rows.stream()
                                        .map(
                                                row ->
                                                        new Renewed(
                                                                lease(row),
                                                                row.getBoolean("retry")))
                                        .toList());
    }

    /** Gives a lease back, unless it is lost already. */
    Uni<Void> release(Lease lease) {
        return run(RELEASE, lease.subscription(), lease.epoch()).replaceWithVoid();
    }

    /** Whether one of these names was given back within the time of a lease, and not taken. */
    Uni<Boolean> isReturned(List<String> names) {
        return run(FIND_RETURNED, names.toArray(String[]::new), config.leaseDuration().toMillis())
                .map(rows -> rows.iterator().next().getBoolean("returned"));
    }

    private Uni<RowSet<Row>> run(Statement statement, Object... parameters) {
        // Later, the leases would have run out before they can be renewed again.
        return statement
                .run(pool, parameters)
                .ifNoItem()
                .after(config.leaseDuration().dividedBy(2))
                .fail();
    }

    private static Lease lease(Row row) {
        return new Lease(row.getString("name"), row.getLong("epoch"));
    }

    private static Statement load(String name) {
        return Statement.load(LeaseTable.class, name);
    }
}
