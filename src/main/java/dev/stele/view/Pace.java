package dev.stele.view;

import dev.stele.event.GlobalPosition;
import java.time.Duration;
import java.util.OptionalDouble;

/** How fast a checkpoint moves, over the last few seconds. Thread-safe. */
final class Pace {

    private static final long WINDOW_NANOS = Duration.ofSeconds(5).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;

    private Sample earlier;
    private Sample windowStart;
    private Sample latest;

    Pace(GlobalPosition at, long nanos) {
        Sample start = new Sample(at.value(), nanos);
        earlier = start;
        windowStart = start;
        latest = start;
    }

    private record Sample(long position, long nanos) {}

    synchronized void moved(GlobalPosition to, long nanos) {
        latest = new Sample(to.value(), nanos);
        if (nanos - windowStart.nanos > WINDOW_NANOS) {
            earlier = windowStart;
            windowStart = latest;
        }
    }

    /** Positions per second; empty when nothing has been measured lately. */
    synchronized OptionalDouble perSecond(long nowNanos) {
        long nanos = latest.nanos - earlier.nanos;
        boolean stale = nowNanos - latest.nanos > 2 * WINDOW_NANOS;
        return stale || nanos <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (latest.position - earlier.position) * NANOS_PER_SECOND / nanos);
    }
}
