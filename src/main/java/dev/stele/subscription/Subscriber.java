package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.log.Sighting;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** What a subscription feeds. Called with one slice at a time, in order. */
public interface Subscriber {

    /** The subscription's name, unique for ever, e.g. {@code publication/events}. */
    String name();

    /** Which events it wants. */
    EventFilter filter();

    /** Most events in one slice. */
    int batchEvents();

    /**
     * Where to go on.
     *
     * @param checkpoint everything up to this event is handled, parked, or waits
     * @param released parked events that turned out to be handled already
     */
    record Resumed(Landmark checkpoint, List<Released> released) {}

    /**
     * Gets ready to handle events, when the lease is won and after every failure.
     *
     * @param checkpoint the stored one, and whether the event there still is: when it is gone, the
     *     log was put back, and the subscriber has handled what is not in the log
     * @return where to go on; further than the checkpoint where a subscriber knows better what is
     *     done. A failure is retried
     */
    Uni<Resumed> resume(Lease lease, Sighting checkpoint);

    /**
     * The lease is lost or given back: lets go of what {@link #resume} took, and is done when all
     * of it is gone. Bounded in time.
     */
    default Uni<Void> release() {
        return Uni.createFrom().voidItem();
    }

    /**
     * Handles events, and moves the checkpoint to {@link Slice#checkpointAt} of where it came to.
     *
     * @param lease the right to do so; every write must be guarded by its epoch
     * @param slice with at least one part
     * @param parking which keys are parked; takes what fails and what waits, and is written with
     *     what was handled
     * @return what it came to; a failure is retried from the stored checkpoint
     */
    Uni<Handled> handle(Lease lease, Slice slice, Parking parking);

    /**
     * Whether {@link #handle} moves the stored checkpoint; otherwise the subscriber knows better
     * where it is, and the stored one follows.
     */
    default boolean storesCheckpoint() {
        return true;
    }

    /** The stored checkpoint has moved. */
    default Uni<Void> moved(GlobalPosition checkpoint) {
        return Uni.createFrom().voidItem();
    }
}
