package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParkedGaugeTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ParkedGauge gauge = new ParkedGauge(registry);

    @Test
    void the_metric_is_there_as_long_as_the_subscription_runs_here() {
        gauge.show(new Lease("view/1", 1), 3);
        gauge.show(new Lease("view/1", 1), 2);
        assertEquals(2, registry.get("stele.subscription.parked.keys").gauge().value());
        assertEquals(
                "view/1",
                registry.get("stele.subscription.parked.keys")
                        .gauge()
                        .getId()
                        .getTag("subscription"));
        gauge.end(new Lease("view/1", 1));
        assertNull(found());
    }

    @Test
    void a_step_of_a_lease_that_is_over_does_not_bring_it_back_and_the_next_lease_does() {
        gauge.show(new Lease("view/1", 1), 3);
        gauge.end(new Lease("view/1", 1));
        gauge.show(new Lease("view/1", 1), 4);
        assertNull(found());
        gauge.show(new Lease("view/1", 2), 5);
        assertEquals(5, registry.get("stele.subscription.parked.keys").gauge().value());
    }

    private @Nullable Gauge found() {
        return registry.find("stele.subscription.parked.keys").gauge();
    }
}
