package dev.stele.jq;

/** What one run has spent; belongs to one thread. */
final class Budget {
    private static final int STEPS_BETWEEN_CLOCK_READINGS = 256;

    /** Copying so many bytes takes about as long as one step. */
    private static final int BYTES_PER_STEP = 64;

    private final JqLimits limits;
    private final long deadlineNanos;
    private long steps;
    private long nextCheck;
    private long madeBytes;
    private int depth;

    Budget(JqLimits limits) {
        this.limits = limits;
        this.deadlineNanos = System.nanoTime() + limits.maxTime().toNanos();
        this.nextCheck = Math.min(STEPS_BETWEEN_CLOCK_READINGS, limits.maxSteps() + 1);
    }

    JqLimits limits() {
        return limits;
    }

    void step() {
        if (++steps >= nextCheck) {
            check();
        }
    }

    /** Pays for work that is about to be done at one go. */
    void steps(long count) {
        steps += Math.min(count, limits.maxSteps() + 1);
        if (steps >= nextCheck) {
            check();
        }
    }

    /** Pays for bytes that are about to be made. */
    void make(long bytes) {
        madeBytes += Math.min(bytes, limits.maxMadeBytes() + 1);
        if (madeBytes > limits.maxMadeBytes()) {
            throw new Signal.Exhausted(
                    "maxMadeBytes", "made more than " + limits.maxMadeBytes() + " bytes");
        }
        steps(bytes / BYTES_PER_STEP);
    }

    void makeChars(long chars) {
        make(24, chars, 2);
    }

    void makeElements(long elements) {
        make(64, elements, 8);
    }

    void makeFields(long fields) {
        make(64, fields, 48);
    }

    /** A program can ask for so many that their size does not fit a long. */
    private void make(long headerBytes, long count, long bytesEach) {
        make(headerBytes + Math.min(count, limits.maxMadeBytes() + 1) * bytesEach);
    }

    void enter() {
        step();
        if (++depth > limits.maxDepth()) {
            throw tooDeep(limits);
        }
    }

    void leave() {
        depth--;
    }

    int depth() {
        return depth;
    }

    /** For whoever catches a signal: the calls it left did not get to {@link #leave}. */
    void returnTo(int earlierDepth) {
        depth = earlierDepth;
    }

    static Signal.Exhausted tooDeep(JqLimits limits) {
        return new Signal.Exhausted("maxDepth", "deeper than " + limits.maxDepth());
    }

    private void check() {
        if (steps > limits.maxSteps()) {
            throw new Signal.Exhausted("maxSteps", "more than " + limits.maxSteps() + " steps");
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new Signal.Exhausted(
                    "maxTime", "longer than " + limits.maxTime().toMillis() + " ms");
        }
        nextCheck = Math.min(steps + STEPS_BETWEEN_CLOCK_READINGS, limits.maxSteps() + 1);
    }
}
