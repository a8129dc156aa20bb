package dev.stele.crash;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** How often the log was put back, when, and to what: known from the database, not the service. */
final class Losses {

    private final List<Loss> losses = new CopyOnWriteArrayList<>();

    /**
     * The log was put back once.
     *
     * @param at when, by this machine's clock of nanoseconds: an answer that came later is of the
     *     log that goes on from there
     * @param fork the last position that is left
     */
    record Loss(long at, long fork) {}

    void add(long fork) {
        losses.add(new Loss(System.nanoTime(), fork));
    }

    /** Whether an event that was acknowledged then, at that position, went with one of them. */
    boolean explain(long position, long acknowledgedAt) {
        return losses.stream()
                .anyMatch(loss -> position > loss.fork() && acknowledgedAt - loss.at() < 0);
    }

    /** The last positions that were left, in order. */
    List<Long> forks() {
        return losses.stream().map(Loss::fork).toList();
    }
}
