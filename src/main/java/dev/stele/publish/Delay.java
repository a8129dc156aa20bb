package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import dev.stele.subscription.Slice;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * How long events of a publication took of late from their recording, by the database's clock, to
 * the broker's answer, by ours.
 */
final class Delay {

    private final Supplier<Timer> timer;
    private final AtomicLong counted = new AtomicLong();

    /** By a timer that may be another one after the publication was gone for a while. */
    Delay(Supplier<Timer> timer) {
        this.timer = timer;
    }

    /** What it was in the last minutes; nothing that was not sent by this replica. */
    record Percentiles(double p50Millis, double p99Millis) {}

    /** The events up to a position are acknowledged. What was parked tells nothing of the way. */
    void sent(Slice slice, GlobalPosition reached) {
        if (slice.retry()) {
            return;
        }
        Timer measured = timer.get();
        Instant now = Instant.now();
        for (Slice.Part part : slice.parts()) {
            RecordedEvent event = part.event();
            if (reached.reached(event.position())) {
                Duration took = Duration.between(event.recordedAt(), now);
                // The database's clock may be ahead of ours.
                measured.record(took.isNegative() ? Duration.ZERO : took);
            }
        }
    }

    Percentiles percentiles() {
        ValueAtPercentile[] values = timer.get().takeSnapshot().percentileValues();
        return new Percentiles(
                values[0].value(TimeUnit.MILLISECONDS), values[1].value(TimeUnit.MILLISECONDS));
    }

    /** Whether this replica has sent anything since it was asked last. */
    boolean isFresh() {
        long now = timer.get().count();
        return counted.getAndSet(now) != now;
    }
}
