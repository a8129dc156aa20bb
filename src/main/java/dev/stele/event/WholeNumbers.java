package dev.stele.event;

/** The range of positions and versions: what every JSON reader holds exactly. */
final class WholeNumbers {

    /** 2⁵³−1, the largest integer of RFC 7493. */
    static final long MAX = (1L << 53) - 1;

    private WholeNumbers() {}

    static void requireInRange(String what, long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(
                    "%s must be from 0 to 2^53-1, not %d".formatted(what, value));
        }
    }
}
