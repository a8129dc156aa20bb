package dev.stele.event;

import org.jspecify.annotations.Nullable;

/**
 * What an event's metadata says of its context.
 *
 * @param correlationId the conversation that the event belongs to
 * @param causationId the event that directly caused it
 * @param actor who did it, as the sender claims
 */
public record References(
        @Nullable String correlationId, @Nullable EventId causationId, @Nullable String actor) {

    /** No context at all. */
    public static final References NONE = new References(null, null, null);
}
