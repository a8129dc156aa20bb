package dev.stele.subscription;

import dev.stele.event.Landmark;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may run what: the leases in {@code stele.subscriptions}, and the replicas that share them.
 */
@ApplicationScoped
class LeaseTable {

    private static final Statement SEE_REPLICAS = load("see-replicas");
    private static final Statement REMOVE_REPLICA = load("remove-replica");
    private static final Statement SEE_LEASES = load("see-leases");
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

    /** Another replica, and until when it counts by the database's clock. */
    record SeenReplica(String id, OffsetDateTime until) {}

    /** A lease as it was seen; each renewal makes it another. */
    record SeenLease(String name, long epoch, @Nullable String owner, OffsetDateTime until) {}

    /**
     * A lease that was seen too long without a renewal to be one.
     *
     * @param forLong whether it could have been taken for the time of a lease
     */
    record Stale(SeenLease seen, boolean forLong) {}

    /** Says that a replica is there; which others are, by the database's clock. */
    Uni<List<SeenReplica>> replicas(String replica) {
        return run(SEE_REPLICAS, replica, config.leaseDuration().toMillis())
                .map(
                        rows ->
                                rows.stream()
                                        .map(
                                                row ->
                                                        new SeenReplica(
                                                                row.getString("id"),
                                                                row.getOffsetDateTime(
                                                                        "seen_until")))
                                        .toList());
    }

    /** The leases of these names, whoever has them. */
    Uni<List<SeenLease>> leases(List<String> names) {
        return run(SEE_LEASES, (Object) names.toArray(String[]::new))
                .map(rows -> rows.stream().map(LeaseTable::seen).toList());
    }

    /** A replica is there no longer. */
    Uni<Void> removeReplica(String replica) {
        return run(REMOVE_REPLICA, replica).replaceWithVoid();
    }

    /**
     * Takes leases that nobody holds, among those of these names.
     *
     * @param atMost so many; but any number of those that nobody took for the time of a lease
     * @param stale held by nobody either, if they still are what was seen
     */
    Uni<List<Won>> acquire(String replica, List<String> names, int atMost, List<Stale> stale) {
        long duration = config.leaseDuration().toMillis();
        return run(
                        ACQUIRE,
                        replica,
                        names.toArray(String[]::new),
                        duration,
                        atMost,
                        duration,
                        stale.stream().map(each -> each.seen().name()).toArray(String[]::new),
                        stale.stream().map(each -> each.seen().epoch()).toArray(Long[]::new),
                        stale.stream()
                                .map(each -> each.seen().until())
                                .toArray(OffsetDateTime[]::new),
                        stale.stream().map(Stale::forLong).toArray(Boolean[]::new))
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

    private static SeenLease seen(Row row) {
        return new SeenLease(
                row.getString("name"),
                row.getLong("epoch"),
                row.getString("owner"),
                row.getOffsetDateTime("leased_until"));
    }

    private static Statement load(String name) {
        return Statement.load(LeaseTable.class, name);
    }
}
