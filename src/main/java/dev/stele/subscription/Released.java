package dev.stele.subscription;

import dev.stele.event.GlobalPosition;

/** A parked event that is handled: it is parked for this key no longer. */
public record Released(String key, GlobalPosition position) {}
