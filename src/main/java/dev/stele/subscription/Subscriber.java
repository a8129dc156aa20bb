package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
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
     * Gets ready to handle events, when the lease is won and after every failure.
     *
     * @param lease at the stored checkpoint
     * @return the position to go on after; further than the checkpoint where a subscriber knows
     *     better what is done. A failure is retried
     */
    default Uni<GlobalPosition> resume(Lease lease) {
        return Uni.createFrom().item(lease.checkpoint());
    }

    /** The lease is lost or given back: lets go of what {@link #resume} took. Must not block. */
    default void release() {}

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
