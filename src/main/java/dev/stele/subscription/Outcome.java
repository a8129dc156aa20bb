package dev.stele.subscription;

import dev.stele.event.Landmark;

/** What a step of a subscription came to. */
sealed interface Outcome {
    /** Ready to go on behind the cursor; {@code retry}: parked keys are to be tried first. */
    record Resumed(Landmark cursor, boolean retry) implements Outcome {}

    /** What was parked is tried, or there may be more of it. */
    record Retried(boolean more) implements Outcome {}

    /** The cursor moved, or may move at once. */
    record Moved(Landmark cursor) implements Outcome {}

    /** There is nothing behind the cursor. */
    record AtHead(Landmark cursor) implements Outcome {}

    /** There is something again. */
    record Woken(Landmark cursor) implements Outcome {}

    /** It does not go on now. */
    record Failed(String because) implements Outcome {}

    /** Another write got in between. */
    record Fenced() implements Outcome {}

    /** The pause is over; this is the stored checkpoint, and the lease under its next epoch. */
    record Reread(Lease lease, Landmark checkpoint) implements Outcome {}

    /** The lease is another's. */
    record LeaseLost() implements Outcome {}
}
