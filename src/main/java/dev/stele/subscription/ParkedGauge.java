package dev.stele.subscription;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many keys of a subscription are parked, as a metric of the replica that runs it. */
final class ParkedGauge {

    private final MeterRegistry registry;
    private final AtomicInteger keys = new AtomicInteger();
    private @Nullable Gauge shown;
    private long ended = -1;

    ParkedGauge(MeterRegistry registry) {
        this.registry = registry;
    }

    /** So many they are; a step of a lease that is over comes too late to say so. */
    synchronized void show(Lease lease, int parked) {
        if (lease.epoch() <= ended) {
            return;
        }
        keys.set(parked);
        if (shown == null) {
            shown =
                    Gauge.builder("stele.subscription.parked.keys", keys, AtomicInteger::get)
                            .description("Keys that are parked")
                            .tag("subscription", lease.subscription())
                            .register(registry);
        }
    }

    /** The subscription runs here no longer under this lease. */
    synchronized void end(Lease lease) {
        ended = Math.max(ended, lease.epoch());
        if (shown != null) {
            registry.remove(shown);
            shown = null;
        }
    }
}
