package dev.stele.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When each append can have happened: after the beginning of every operation that missed it, and
 * before the end of every one that saw it.
 *
 * <p>Appends happen in the log's order. So there are such moments for all of them exactly if nobody
 * saw a position, and ended, before another one began and missed that position or an earlier one.
 */
final class Moments {

    /** By position; of an append, at its first position. */
    private final @Nullable Operation[] missedBy;

    private final @Nullable Operation[] seenBy;

    private final long[] beginnings;
    private final FinalLog log;
    private final List<String> flaws = new ArrayList<>();

    Moments(FinalLog log) {
        int size = Math.toIntExact(log.size());
        this.log = log;
        this.missedBy = new Operation[size + 1];
        this.seenBy = new Operation[size + 1];
        this.beginnings = new long[size + 1];
        for (int position = 0; position <= size; position++) {
            beginnings[position] = position;
        }
    }

    /** These positions came at one moment. To be said before anything else. */
    void together(long first, long last) {
        for (long position = first; position <= last; position++) {
            beginnings[Math.toIntExact(position)] = first;
        }
    }

    /** There is a moment between the operation's beginning and its end at which it was so. */
    void saw(Operation operation, Sight sight) {
        if (sight.there() > log.size()) {
            flaws.add("saw what is not in the log: " + operation);
            return;
        }
        long there = beginning(sight.there());
        if (sight.missing() <= log.size() && beginning(sight.missing()) <= there) {
            flaws.add(
                    "saw (%s), and not (%s), which came before or with it: %s"
                            .formatted(log.at(sight.there()), log.at(sight.missing()), operation));
            return;
        }
        wasThere(operation, there);
        wasMissing(operation, sight.missing());
    }

    /** When the operation ended, this position was there. */
    void wasThere(Operation operation, long position) {
        if (position > 0) {
            int at = beginning(position);
            Operation other = seenBy[at];
            if (other == null || operation.span().ended() < other.span().ended()) {
                seenBy[at] = operation;
            }
        }
    }

    /** When the operation began, this position was not there. */
    void wasMissing(Operation operation, long position) {
        if (position <= log.size()) {
            int at = beginning(position);
            Operation other = missedBy[at];
            if (other == null || operation.span().began() > other.span().began()) {
                missedBy[at] = operation;
            }
        }
    }

    private int beginning(long position) {
        return Math.toIntExact(beginnings[Math.toIntExact(position)]);
    }

    /** What cannot have been so. */
    List<String> flaws() {
        List<String> all = new ArrayList<>(flaws);
        Operation latest = null;
        int missed = 0;
        for (int position = 1; position < seenBy.length; position++) {
            Operation missing = missedBy[position];
            if (missing != null
                    && (latest == null || missing.span().began() > latest.span().began())) {
                latest = missing;
                missed = position;
            }
            Operation seen = seenBy[position];
            if (seen != null && latest != null && latest.span().began() > seen.span().ended()) {
                all.add(contradiction(seen, position, latest, missed));
            }
        }
        return all;
    }

    private String contradiction(Operation seen, int position, Operation latest, int missed) {
        return "there at the end of an operation: (%s), %s%n  but not at the beginning of a later one: (%s), %s"
                .formatted(log.at(position), seen, log.at(missed), latest);
    }
}
