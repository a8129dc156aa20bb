package dev.stele.history;

/**
 * What an operation saw of the log at one moment: everything up to a position was there, and
 * nothing from another one on.
 */
final class Sight {

    private long there;
    private long missing = Write.NEVER;

    Sight there(long position) {
        there = Math.max(there, position);
        return this;
    }

    Sight missing(long position) {
        missing = Math.min(missing, position);
        return this;
    }

    long there() {
        return there;
    }

    long missing() {
        return missing;
    }
}
