package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.EventId;
import dev.stele.event.FailIf;
import dev.stele.event.StreamId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Chooses from the waiting appends, in order of arrival, those that may share a batch.
 *
 * <p>The database judges the appends of a batch one after the other, each by what the ones before
 * it have written to its streams. What it does not look for among the batch's own events are ids
 * and matches of a {@link FailIf}: an append that shares an id with one of the batch, or whose
 * failIf matches one of its events, waits for the next batch. Whatever follows it on its streams
 * waits behind it.
 */
final class BatchComposer {

    /** How many appends that have to wait are stepped over before the batch is sent as it is. */
    private static final int MOST_STEPPED_OVER = 1_000;

    private final int maxEvents;
    private final long maxBytes;

    BatchComposer(int maxEvents, long maxBytes) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    /** Takes the next batch out of {@code waiting}; empty only when nothing waits. */
    List<PendingAppend> takeFrom(Iterable<PendingAppend> waiting) {
        List<PendingAppend> batch = new ArrayList<>();
        Set<StreamId> held = new HashSet<>();
        Set<EventId> ids = new HashSet<>();
        int events = 0;
        long bytes = 0;
        int steppedOver = 0;
        for (Iterator<PendingAppend> next = waiting.iterator(); next.hasNext(); ) {
            PendingAppend pending = next.next();
            if (pending.isCancelled()) {
                next.remove();
                pending.leaveQueue();
                continue;
            }
            Append append = pending.append();
            boolean tooMuch =
                    events + append.size() > maxEvents || bytes + pending.sizeInBytes() > maxBytes;
            if ((tooMuch && !batch.isEmpty()) || steppedOver == MOST_STEPPED_OVER) {
                break;
            }
            if (isHeld(append, held) || depends(append, batch, ids)) {
                append.streams().forEach(held::add);
                steppedOver++;
                continue;
            }
            next.remove();
            batch.add(pending);
            if (append.mayRepeat()) {
                ids.addAll(append.ids());
            }
            events += append.size();
            bytes += pending.sizeInBytes();
        }
        return batch;
    }

    private static boolean isHeld(Append append, Set<StreamId> held) {
        return !held.isEmpty() && append.streams().anyMatch(held::contains);
    }

    private static boolean depends(Append append, List<PendingAppend> batch, Set<EventId> ids) {
        FailIf failIf = append.failIf();
        return (append.mayRepeat() && append.ids().stream().anyMatch(ids::contains))
                || (failIf != null
                        && batch.stream()
                                .flatMap(earlier -> earlier.append().events())
                                .anyMatch(failIf::matches));
    }
}
