package dev.stele.subscription;

import dev.stele.event.GlobalPosition;

/** What handling a slice came to. */
public sealed interface Handled {

    /** The checkpoint is there now. */
    record Done(GlobalPosition checkpoint) implements Handled {}

    /**
     * The checkpoint is there now, and the event behind it cannot be handled: tried again later.
     */
    record Stuck(GlobalPosition checkpoint, String because) implements Handled {}

    /**
     * Another replica has the lease, or the checkpoint was not where this one thought; nothing
     * changed.
     */
    record Fenced() implements Handled {}
}
