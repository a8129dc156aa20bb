package dev.stele.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fact, as the log keeps it.
 *
 * @param recordedAt stamped under the log's lock, whole microseconds, never decreasing with the
 *     position
 * @param recordedBy the authenticated principal that appended it
 * @param traceparent the W3C trace context of the request that appended it
 * @param data absent is not JSON {@code null}
 * @param contentType what the data is when it is not JSON
 * @param metadata a JSON object; absent when empty
 */
public record RecordedEvent(
        GlobalPosition position,
        StreamId stream,
        StreamVersion version,
        EventId id,
        EventType type,
        @Nullable Integer schemaVersion,
        Instant recordedAt,
        @Nullable String recordedBy,
        @Nullable Instant occurredAt,
        @Nullable Payload data,
        @Nullable ContentType contentType,
        @Nullable Payload metadata,
        References references,
        List<Tag> tags,
        @Nullable String traceparent) {

    public RecordedEvent {
        tags = List.copyOf(tags);
    }

    /** When it happened, as far as anybody said: the sender's time or else the log's. */
    public Instant happenedAt() {
        return occurredAt != null ? occurredAt : recordedAt;
    }
}
