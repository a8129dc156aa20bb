package dev.stele.log;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;

/** What became of an event that was seen in the log once. */
public sealed interface Sighting {

    /** It was looked for. */
    Landmark landmark();

    /** It still is there; the landmark names it, and the generation in which it was found. */
    record There(Landmark landmark) implements Sighting {}

    /**
     * It is gone: the log was put back to an earlier state.
     *
     * @param generation of the log by now
     * @param head the newest position by now
     */
    record Gone(Landmark landmark, int generation, GlobalPosition head) implements Sighting {}
}
