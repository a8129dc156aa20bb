package dev.stele.publish;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The delay of each publication that there is, as a metric. */
@ApplicationScoped
class Delays {

    private static final double MEDIAN = 0.5;
    private static final double HIGH = 0.99;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final MeterRegistry registry;
    private final Map<PublicationName, Timer> timers = new ConcurrentHashMap<>();

    Delays(MeterRegistry registry) {
        this.registry = registry;
    }

    /** That of one publication; the same for all its versions. */
    Delay of(PublicationName name) {
        return new Delay(() -> timers.computeIfAbsent(name, this::register));
    }

    /** These are all publications that there are: of others, nothing is measured any more. */
    void retain(Set<PublicationName> names) {
        for (PublicationName name : timers.keySet()) {
            if (!names.contains(name)) {
                timers.computeIfPresent(
                        name,
                        (_, timer) -> {
                            registry.remove(timer);
                            return null;
                        });
            }
        }
    }

    private Timer register(PublicationName name) {
        return Timer.builder("stele.publication.delay")
                .description("From the recording of an event to the broker's answer")
                .tag("publication", name.value())
                .publishPercentiles(MEDIAN, HIGH)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }
}
