package dev.stele.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fact, before the log accepted it.
 *
 * @param id its identity for ever
 * @param schemaVersion the version of the type's schema, from 1; absent when nobody versioned it
 * @param occurredAt the sender's time of the fact, whole microseconds
 * @param data the fact itself; absent is not JSON {@code null}
 * @param contentType what the data is when it is not JSON
 * @param metadata a JSON object; absent when empty
 * @param references what the log promotes from the metadata to columns of their own
 * @param tags without repeats, sorted
 */
public record NewEvent(
        EventId id,
        EventType type,
        @Nullable Integer schemaVersion,
        @Nullable Instant occurredAt,
        @Nullable Payload data,
        @Nullable ContentType contentType,
        @Nullable Payload metadata,
        References references,
        List<Tag> tags) {

    public NewEvent {
        tags = List.copyOf(tags);
    }

    /** The same with another id. */
    public NewEvent withId(EventId other) {
        return new NewEvent(
                other,
                type,
                schemaVersion,
                occurredAt,
                data,
                contentType,
                metadata,
                references,
                tags);
    }

    /** Size of what the sender gave, in bytes: the limits of batches count it. */
    public int sizeInBytes() {
        return type.value().length()
                + (data == null ? 0 : data.length())
                + (metadata == null ? 0 : metadata.length());
    }
}
