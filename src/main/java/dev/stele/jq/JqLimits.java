package dev.stele.jq;

import java.time.Duration;

/**
 * What one program may spend: the first five for each run, the last for its text.
 *
 * @param maxSteps evaluations, emitted values and visited nodes, counted together
 * @param maxTime the backstop, should a machine be so slow that the steps take long
 * @param maxDepth calls within calls, and arrays or objects within one another
 * @param maxMadeBytes estimated bytes of everything built, garbage included: memory stays below it
 * @param maxOutputBytes estimated bytes of JSON text of all values together
 * @param maxValues values that a run yields
 * @param maxProgramChars characters of the program
 */
public record JqLimits(
        long maxSteps,
        Duration maxTime,
        int maxDepth,
        long maxMadeBytes,
        long maxOutputBytes,
        int maxValues,
        int maxProgramChars) {

    private static final long LARGEST = 1L << 50;

    public JqLimits {
        // The upper bound keeps sums of what is spent and what is asked for within a long.
        requireWithin("maxSteps", maxSteps, LARGEST);
        requireWithin("maxTime", maxTime.toNanos(), Long.MAX_VALUE / 2);
        requireWithin("maxDepth", maxDepth, LARGEST);
        requireWithin("maxMadeBytes", maxMadeBytes, LARGEST);
        requireWithin("maxOutputBytes", maxOutputBytes, LARGEST);
        requireWithin("maxValues", maxValues, LARGEST);
        requireWithin("maxProgramChars", maxProgramChars, LARGEST);
    }

    public static JqLimits defaults() {
        return new JqLimits(
                2_000_000, Duration.ofSeconds(2), 1_000, 64L << 20, 4L << 20, 10_000, 32_768);
    }

    private static void requireWithin(String name, long value, long most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from 1 to " + most + ", not " + value);
        }
    }
}
