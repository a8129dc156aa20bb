package dev.stele.subscription;

import dev.stele.log.EventFilter;
import dev.stele.log.EventLog;
import io.smallrye.mutiny.Uni;

/** What a subscription feeds. Called with one slice at a time, in order. */
public interface Subscriber {

    /** The subscription's name, unique for ever, e.g. {@code publication/events}. */
    String name();

    /** Which events it wants. */
    EventFilter filter();

    /** Most events in one slice. */
    int batchEvents();

    /**
     * Handles the next events and moves the checkpoint.
     *
     * @param lease the right to do so; every write must be guarded by its epoch
     * @param slice what comes after the checkpoint; may have no events, and then only the
     *     checkpoint moves
     * @return what it came to; a failure is retried from the stored checkpoint
     */
    Uni<Handled> handle(Lease lease, EventLog.Slice slice);
}
