package dev.stele.json;

/** Ends the reading of a document that exceeds a limit; never leaves this package. */
final class LimitExceeded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String limit;
    private final long actual;
    private final long max;

    LimitExceeded(String limit, long actual, long max) {
        super(limit, null, false, false);
        this.limit = limit;
        this.actual = actual;
        this.max = max;
    }

    static void requireAtMost(String limit, long actual, long max) {
        if (actual > max) {
            throw new LimitExceeded(limit, actual, max);
        }
    }

    String limit() {
        return limit;
    }

    long actual() {
        return actual;
    }

    long max() {
        return max;
    }
}
