package dev.stele.subscription;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause after failures: twice as long after each, up to a limit, and of that a random
 * part between a half and the whole, so that replicas do not come back in step.
 *
 * @param min after the first failure, if chance has it so
 * @param max of the longest
 */
record BackOff(Duration min, Duration max) {

    private static final int MAX_DOUBLINGS = 30;

    /**
     * The pause after so many failures in a row.
     *
     * @param failures at least 1
     */
    Duration pause(int failures, RandomGenerator random) {
        long longest = max.toNanos();
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        long nanos = Math.min(longest, saturated(min.toNanos(), doublings));
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }

    private static long saturated(long nanos, int doublings) {
        return nanos > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : nanos << doublings;
    }
}
