package dev.stele.publish;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The delay of each publication, as a metric. */
@ApplicationScoped
class Delays {

    private static final double MEDIAN = 0.5;
    private static final double HIGH = 0.99;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final MeterRegistry registry;

    Delays(MeterRegistry registry) {
        this.registry = registry;
    }

    /** That of one publication; the same for all its versions. */
    Delay of(PublicationName name) {
        return new Delay(
                Timer.builder("stele.publication.delay")
                        .description("From the recording of an event to the broker's answer")
                        .tag("publication", name.value())
                        .publishPercentiles(MEDIAN, HIGH)
                        .publishPercentileHistogram()
                        .minimumExpectedValue(SHORTEST)
                        .maximumExpectedValue(LONGEST)
                        .register(registry));
    }
}
