package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
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
 * single event larger than that is not kept. Who goes on from an event that is not the one here
 * finds nothing.
 */
final class RecentEvents {

    /** A ring: an event lies at its position modulo the length. */
    private final @Nullable RecordedEvent[] ring;

    /**
     * The size of each: an old event is in no cache of the processor, and need not be read to go.
     */
    private final int[] sizes;

    private final long maxBytes;
    private long bytes;

    /** The kept positions, both inclusive; none when {@code first} is behind {@code last}. */
    private long first = 1;

    private long last;

    /** The event before the first one, when it was here; else not known. */
    private @Nullable RecordedEvent before;

    /** Of the log that the newest ones went to. */
    private int generation;

    RecentEvents(int maxEvents, long maxBytes) {
        this.ring = new @Nullable RecordedEvent[maxEvents];
        this.sizes = new int[maxEvents];
        this.maxBytes = maxBytes;
    }

    /** What comes is of this generation of the log, and goes on from what is here. */
    synchronized void continueIn(int inGeneration) {
        generation = inGeneration;
    }

    /** Forgets all: the log does not have it any more. */
    synchronized void clear() {
        while (first <= last) {
            removeFirst();
        }
        before = null;
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
            Landmark after, GlobalPosition upTo, EventFilter filter, int limit) {
        long behind = after.position().value();
        if (behind + 1 < first || behind > last || upTo.value() > last || !isHere(after)) {
            return Optional.empty();
        }
        List<RecordedEvent> found = new ArrayList<>();
        for (long position = behind + 1; position <= upTo.value(); position++) {
            RecordedEvent event = at(position);
            if (filter.matches(event)) {
                found.add(event);
                if (found.size() == limit) {
                    return Optional.of(new EventLog.Slice(found, landmark(event)));
                }
            }
        }
        Landmark end = upTo.value() <= behind ? after : landmark(at(upTo.value()));
        return Optional.of(new EventLog.Slice(found, end));
    }

    private boolean isHere(Landmark landmark) {
        long position = landmark.position().value();
        if (landmark.id() == null) {
            return true;
        }
        return position < first
                ? before != null && landmark.id().equals(before.id())
                : landmark.is(at(position).id());
    }

    private Landmark landmark(RecordedEvent event) {
        return new Landmark(event.position(), event.id(), generation);
    }

    private void add(RecordedEvent event) {
        if (ring.length == 0) {
            return;
        }
        long position = event.position().value();
        if (position != last + 1) {
            clear();
            first = position;
        } else if (last - first + 1 == ring.length) {
            removeFirst();
        }
        last = position;
        int index = index(position);
        ring[index] = event;
        sizes[index] = size(event);
        bytes += sizes[index];
        while (bytes > maxBytes) {
            removeFirst();
        }
    }

    private void removeFirst() {
        int index = index(first);
        before = ring[index];
        ring[index] = null;
        bytes -= sizes[index];
        first++;
    }

    private RecordedEvent at(long position) {
        return Objects.requireNonNull(ring[index(position)]);
    }

    private int index(long position) {
        return (int) (position % ring.length);
    }

    private static int size(RecordedEvent event) {
        int data = event.data() == null ? 0 : event.data().length();
        int metadata = event.metadata() == null ? 0 : event.metadata().length();
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
