package dev.stele.subscription;

import dev.stele.postgres.Unchanged;
import dev.stele.subscription.LeaseTable.SeenLease;
import dev.stele.subscription.LeaseTable.SeenReplica;
import dev.stele.subscription.LeaseTable.Stale;
import dev.stele.subscription.LeaseTable.Won;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The leases and the replicas as one replica sees them. The database's clock may be put back, e.g.
 * by a failover, and then says for an hour that a dead replica has its lease: so whoever looks on
 * counts by its own clock, too. What has not been renewed for as long as it holds, holds no more.
 *
 * <p>That is only a reason to take it. Whether it was renewed at the last moment decides the row,
 * which must still be what was seen; and the epoch rises, as with each lease that is taken.
 */
final class ObservedLeases {

    private final LeaseTable table;
    private final Duration leaseDuration;
    private final Unchanged<SeenLease> leases;
    private final Unchanged<SeenReplica> replicas;

    ObservedLeases(LeaseTable table, Duration leaseDuration, LongSupplier nanos) {
        this.table = table;
        this.leaseDuration = leaseDuration;
        this.leases = new Unchanged<>(nanos);
        this.replicas = new Unchanged<>(nanos);
    }

    /** Says that a replica is there; how many there are with it. */
    Uni<Integer> replicas(String replica) {
        return table.replicas(replica)
                .invoke(replicas::see)
                .map(others -> 1 + others.size() - replicas.during(leaseDuration).size());
    }

    /**
     * Takes leases that nobody holds, among those of these names.
     *
     * @param atMost so many; but any number of those that nobody took for the time of a lease
     */
    Uni<List<Won>> acquire(String replica, List<String> names, int atMost) {
        return table.leases(names)
                .invoke(leases::see)
                .chain(() -> table.acquire(replica, names, atMost, stale()));
    }

    private List<Stale> stale() {
        return leases.during(leaseDuration).stream()
                .map(seen -> new Stale(seen, leases.isOlder(seen, freeForLong(seen))))
                .toList();
    }

    /** Until nobody has taken it for the time of a lease. */
    private Duration freeForLong(SeenLease seen) {
        return seen.owner() == null ? leaseDuration : leaseDuration.multipliedBy(2);
    }
}
