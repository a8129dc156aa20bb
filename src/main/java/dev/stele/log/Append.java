package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.event.StreamId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to append: all of these events to this stream, or none.
 *
 * @param mayRepeat whether the ids may have been used before: false only when all were made for
 *     this call, which saves looking them up
 * @param traceparent the W3C trace context of the request
 */
public record Append(
        StreamId stream,
        AppendCondition condition,
        List<NewEvent> events,
        boolean mayRepeat,
        @Nullable String traceparent) {

    public Append {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append must have at least one event");
        }
    }

    /** Size of the events, in bytes. */
    int sizeInBytes() {
        int bytes = 0;
        for (NewEvent event : events) {
            bytes += event.sizeInBytes();
        }
        return bytes;
    }

    /** The ids of the events, in order. */
    public List<EventId> ids() {
        return events.stream().map(NewEvent::id).toList();
    }
}
