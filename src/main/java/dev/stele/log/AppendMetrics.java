package dev.stele.log;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the queue of appends and its batches are measured by. */
final class AppendMetrics {

    private static final Duration SHORTEST = Duration.ofNanos(100_000);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Timer wait;
    private final Timer commit;
    private final DistributionSummary batch;

    AppendMetrics(MeterRegistry registry, QueueBudget budget) {
        this.wait =
                timer(
                        registry,
                        "stele.append.wait",
                        "How long an append waited until its batch was sent");
        this.commit =
                timer(
                        registry,
                        "stele.append.commit",
                        "How long the database took for a batch, with the way there and back");
        this.batch =
                DistributionSummary.builder("stele.append.batch")
                        .description("How many appends went to the database together")
                        .register(registry);
        Gauge.builder("stele.append.queue", budget, QueueBudget::appends)
                .description("Appends that wait or are on their way to the database")
                .register(registry);
        Gauge.builder("stele.append.queue.size", budget, QueueBudget::bytes)
                .description("Bytes of their events")
                .baseUnit("bytes")
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    /** A batch was answered. */
    void committed(long nanos) {
        commit.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** These appends are sent now. */
    void sent(List<PendingAppend> sent) {
        batch.record(sent.size());
        long now = System.nanoTime();
        for (PendingAppend pending : sent) {
            wait.record(now - pending.since(), TimeUnit.NANOSECONDS);
        }
    }
}
