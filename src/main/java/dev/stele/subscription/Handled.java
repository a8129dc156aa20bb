package dev.stele.subscription;

import dev.stele.event.GlobalPosition;

/** What handling a slice came to. */
public sealed interface Handled {

    /** All parts of the slice up to here (inclusive) are handled, parked, or wait. */
    record Done(GlobalPosition reached) implements Handled {}

    /** The same, and the next part cannot even be parked: tried again later. */
    record Stuck(GlobalPosition reached, String because) implements Handled {}

    /**
     * Another replica has the lease, or the checkpoint was not where this one thought; nothing
     * changed.
     */
    record Fenced() implements Handled {}
}
