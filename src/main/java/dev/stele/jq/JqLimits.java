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

    public JqLimits {
        requirePositive("maxSteps", maxSteps);
        requirePositive("maxTime", maxTime.toNanos());
        requirePositive("maxDepth", maxDepth);
        requirePositive("maxMadeBytes", maxMadeBytes);
        requirePositive("maxOutputBytes", maxOutputBytes);
        requirePositive("maxValues", maxValues);
        requirePositive("maxProgramChars", maxProgramChars);
    }

    public static JqLimits defaults() {
        return new JqLimits(
                2_000_000, Duration.ofSeconds(2), 500, 64L << 20, 4L << 20, 10_000, 32_768);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
