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
    private final DistributionSummary batch;

    AppendMetrics(MeterRegistry registry, QueueBudget budget) {
        this.wait =
                Timer.builder("stele.append.wait")
                        .description("How long an append waited until its batch was sent")
                        .publishPercentileHistogram()
                        .minimumExpectedValue(SHORTEST)
                        .maximumExpectedValue(LONGEST)
                        .register(registry);
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

    /** These appends are sent now. */
    void sent(List<PendingAppend> sent) {
        batch.record(sent.size());
        long now = System.nanoTime();
        for (PendingAppend pending : sent) {
            wait.record(now - pending.since(), TimeUnit.NANOSECONDS);
        }
    }
}
