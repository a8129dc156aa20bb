package dev.stele.crash;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the clients know: every append that was sent, and what they were told of it. */
final class Book {

    private final Map<SentAppend, Fate> appends = new ConcurrentHashMap<>();
    private final Map<SentAppend, Long> settledAt = new ConcurrentHashMap<>();
    private final LongAdder unknowns = new LongAdder();

    /** What is known of an append. */
    sealed interface Fate {

        /** It is there. */
        record Acknowledged(Attempt.Receipt receipt, boolean repeated) implements Fate {}

        /** It is not there, and never will be: it came too late for its version. */
        record Conflicted() implements Fate {}

        /** It is not there, and never will be: no attempt of it reached the log. */
        record GivenUp() implements Fate {}

        /** It is there, or is not, or still will be: until somebody comes back to it. */
        record LeftInDoubt() implements Fate {}
    }

    /** To be called before the append is sent. */
    void sent(SentAppend append) {
        if (appends.put(append, new Fate.LeftInDoubt()) != null) {
            throw new IllegalStateException("sent twice as a new one: " + append);
        }
    }

    /** The outcome of an attempt is unknown. */
    void answerLost() {
        unknowns.increment();
    }

    /** The last that a client learns of an append. */
    void settled(SentAppend append, Fate fate) {
        settledAt.put(append, System.nanoTime());
        appends.put(append, fate);
    }

    /** When that was, by this machine's clock of nanoseconds. */
    long settledAt(SentAppend append) {
        return settledAt.getOrDefault(append, 0L);
    }

    Map<SentAppend, Fate> appends() {
        return Map.copyOf(appends);
    }

    /** The counts of a run, in words. */
    String tally() {
        List<Fate> fates = List.copyOf(appends.values());
        return "%d appends acknowledged, %d of them by a repeat answered 200; %d conflicts, %d given up, %d left in doubt; %d unknown outcomes"
                .formatted(
                        count(fates, Fate.Acknowledged.class),
                        fates.stream().filter(Book::byRepeat).count(),
                        count(fates, Fate.Conflicted.class),
                        count(fates, Fate.GivenUp.class),
                        count(fates, Fate.LeftInDoubt.class),
                        unknowns.sum());
    }

    private static boolean byRepeat(Fate fate) {
        return fate instanceof Fate.Acknowledged(_, boolean repeated) && repeated;
    }

    private static long count(List<Fate> fates, Class<? extends Fate> kind) {
        return fates.stream().filter(kind::isInstance).count();
    }
}
