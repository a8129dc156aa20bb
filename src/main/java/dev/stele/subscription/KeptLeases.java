package dev.stele.subscription;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leases that nobody else wanted: kept for a while, though they are more than a replica's share.
 */
final class KeptLeases {

    private final Map<String, Long> untilNanos = new ConcurrentHashMap<>();
    private final Duration time;

    KeptLeases(Duration time) {
        this.time = time;
    }

    void keep(Lease lease) {
        untilNanos.put(lease.subscription(), System.nanoTime() + time.toNanos());
    }

    void forget(String subscription) {
        untilNanos.remove(subscription);
    }

    boolean contains(Lease lease) {
        Long until = untilNanos.get(lease.subscription());
        return until != null && until - System.nanoTime() > 0;
    }
}
