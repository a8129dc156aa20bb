package dev.stele.view;

import dev.stele.event.GlobalPosition;

/** Whether a view has come to a position. */
public sealed interface Freshness {

    /** Reads of the view reflect this position at least. */
    record Reached(GlobalPosition position) implements Freshness {}

    /** The wait is over, and this is how far it came, and why not further. */
    record Behind(GlobalPosition position, String because) implements Freshness {}

    /** There is no view of this name, or no more. */
    record NoSuchView() implements Freshness {}
}
