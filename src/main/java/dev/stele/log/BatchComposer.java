package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.StreamId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Chooses from the waiting appends, in order of arrival, those that may share a batch.
 *
 * <p>The database judges every append of a batch by what was there before it. So one whose outcome
 * may depend on a neighbour waits for the next batch: one with a condition whose stream the batch
 * writes already, and one that shares an id with another. Whatever follows it on its stream waits
 * behind it.
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
        Set<StreamId> written = new HashSet<>();
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
                    events + append.events().size() > maxEvents
                            || bytes + pending.sizeInBytes() > maxBytes;
            if ((tooMuch && !batch.isEmpty()) || steppedOver == MOST_STEPPED_OVER) {
                break;
            }
            if (held.contains(append.stream()) || depends(append, written, ids)) {
                held.add(append.stream());
                steppedOver++;
                continue;
            }
            next.remove();
            batch.add(pending);
            written.add(append.stream());
            if (append.mayRepeat()) {
                ids.addAll(append.ids());
            }
            events += append.events().size();
            bytes += pending.sizeInBytes();
        }
        return batch;
    }

    private static boolean depends(Append append, Set<StreamId> written, Set<EventId> ids) {
        boolean onNeighbour =
                switch (append.condition()) {
                    case AppendCondition.Any() -> false;
                    case AppendCondition.Exists(),
                            AppendCondition.NoStream(),
                            AppendCondition.AtVersion(_) ->
                            written.contains(append.stream());
                };
        return onNeighbour || (append.mayRepeat() && append.ids().stream().anyMatch(ids::contains));
    }
}
