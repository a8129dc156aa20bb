package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.RecordedEvent;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.log.AppendResult.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events that this replica appended last, without a gap: a subscription that keeps up finds
 * what it was woken up for here, and need not read it back from the database.
 *
 * <p>Only what the database acknowledged gets in. When another replica's events lie between, or the
 * answer to a batch was lost, it begins anew behind the gap. Bounded in events and in bytes; a
 * single event larger than that is not kept.
 */
final class RecentEvents {

    /** A ring: an event lies at its position modulo the length. */
    private final @Nullable RecordedEvent[] ring;

    private final long maxBytes;
    private long bytes;

    /** The kept positions, both inclusive; none when {@code first} is behind {@code last}. */
    private long first = 1;

    private long last;

    RecentEvents(int maxEvents, long maxBytes) {
        this.ring = new @Nullable RecordedEvent[maxEvents];
        this.maxBytes = maxBytes;
    }

    /** Adds the events of an append, which got these places, one per part. */
    synchronized void add(Append append, List<Place> places, Instant recordedAt) {
        for (int nth = 0; nth < places.size(); nth++) {
            Append.Part part = append.parts().get(nth);
            Place place = places.get(nth);
            long behind = part.events().size();
            for (NewEvent event : part.events()) {
                behind--;
                add(
                        recorded(
                                event,
                                part.stream(),
                                new StreamVersion(place.version().value() - behind),
                                new GlobalPosition(place.position().value() - behind),
                                recordedAt,
                                append.traceparent()));
            }
        }
    }

    /** The slice, when all of it is here; a full one ends at its limit of events. */
    synchronized Optional<EventLog.Slice> slice(
            GlobalPosition after, GlobalPosition upTo, EventFilter filter, int limit) {
        if (after.value() + 1 < first || upTo.value() > last) {
            return Optional.empty();
        }
        List<RecordedEvent> found = new ArrayList<>();
        for (long position = after.value() + 1; position <= upTo.value(); position++) {
            RecordedEvent event = at(position);
            if (filter.matches(event)) {
                found.add(event);
                if (found.size() == limit) {
                    return Optional.of(new EventLog.Slice(found, event.position()));
                }
            }
        }
        return Optional.of(new EventLog.Slice(found, upTo));
    }

    private void add(RecordedEvent event) {
        if (ring.length == 0) {
            return;
        }
        long position = event.position().value();
        if (position != last + 1) {
            while (first <= last) {
                removeFirst();
            }
            first = position;
        } else if (last - first + 1 == ring.length) {
            removeFirst();
        }
        last = position;
        ring[index(position)] = event;
        bytes += size(event);
        while (bytes > maxBytes) {
            removeFirst();
        }
    }

    private void removeFirst() {
        bytes -= size(at(first));
        ring[index(first)] = null;
        first++;
    }

    private RecordedEvent at(long position) {
        return Objects.requireNonNull(ring[index(position)]);
    }

    private int index(long position) {
        return (int) (position % ring.length);
    }

    private static long size(RecordedEvent event) {
        long data = event.data() == null ? 0 : event.data().length();
        long metadata = event.metadata() == null ? 0 : event.metadata().length();
        return data + metadata;
    }

    private static RecordedEvent recorded(
            NewEvent event,
            StreamId stream,
            StreamVersion version,
            GlobalPosition position,
            Instant recordedAt,
            @Nullable String traceparent) {
        return new RecordedEvent(
                position,
                stream,
                version,
                event.id(),
                event.type(),
                event.schemaVersion(),
                recordedAt,
                null,
                event.occurredAt(),
                event.data(),
                event.contentType(),
                event.metadata(),
                event.references(),
                event.tags(),
                traceparent);
    }
}
