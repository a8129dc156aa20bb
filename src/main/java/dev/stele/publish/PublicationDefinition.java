package dev.stele.publish;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.json.JsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What a publication is, as its owner wrote it. Its programs are texts here; {@link
 * CompiledPublication} runs.
 *
 * @param document the definition itself
 * @param description for those who read about it
 * @param source which events it is about
 * @param topic the full name of the topic that its messages go to
 * @param from where it starts
 * @param key the program that yields a message's key; null: the stream
 * @param type the program that yields a message's type; null: the event's
 * @param value the program that yields any number of messages; null: one, the data as stored
 */
record PublicationDefinition(
        JsonDocument document,
        @Nullable String description,
        EventFilter source,
        String topic,
        Start from,
        @Nullable String key,
        @Nullable String type,
        @Nullable String value) {

    /** Where a publication starts. */
    sealed interface Start {

        /** With the event at this position; from 1. */
        record At(long position) implements Start {}

        /** With the first event that comes after the definition. */
        record End() implements Start {}

        /** The checkpoint to begin with. */
        default GlobalPosition after(GlobalPosition head) {
            return switch (this) {
                case At(long position) -> new GlobalPosition(position - 1);
                case End() -> head;
            };
        }
    }

    /** The definition without insignificant white space. */
    Payload text() {
        return document.text();
    }

    /** Whether both say the same: white space and the order of members mean nothing. */
    boolean saysTheSameAs(PublicationDefinition other) {
        return document.tree().equals(other.document().tree());
    }
}
