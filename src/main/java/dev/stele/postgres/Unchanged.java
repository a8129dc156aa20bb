package dev.stele.postgres;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What rows were seen again and again, and for how long they have looked the same, by a clock of
 * this process: the database's may be put forward or back, e.g. by a failover. Not for several
 * threads at once.
 */
public final class Unchanged<T> {

    private final LongSupplier nanos;
    private Map<T, Long> sinceNanos = Map.of();

    /**
     * Nothing is seen yet.
     *
     * @param nanos the clock, as {@link System#nanoTime}
     */
    public Unchanged(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** All that there is to see; what is not among it is forgotten. */
    public void see(Collection<T> all) {
        long now = nanos.getAsLong();
        Map<T, Long> seen = new HashMap<>();
        all.forEach(each -> seen.put(each, sinceNanos.getOrDefault(each, now)));
        sinceNanos = seen;
    }

    /** What has looked the same for so long. */
    public List<T> during(Duration time) {
        return sinceNanos.keySet().stream().filter(each -> isOlder(each, time)).toList();
    }

    /** Whether it has looked the same for so long. */
    public boolean isOlder(T seen, Duration time) {
        Long since = sinceNanos.get(seen);
        return since != null && nanos.getAsLong() - since >= time.toNanos();
    }
}
