package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events of the log without a gap, the newest last; bounded in events and in bytes, and older
 * ones leave first. Not thread-safe.
 */
final class TailEvents {

    /** A ring: an event lies at its position modulo the length. */
    private final @Nullable SharedEvent[] ring;

    /**
     * The size of each: an old event is in no cache of the processor, and need not be read to go.
     */
    private final int[] sizes;

    private final long maxBytes;
    private long bytes;

    /** Both inclusive; none when {@code first} is behind {@code last}. */
    private long first = 1;

    private long last;

    /** Behind which all of this began. */
    private Landmark before = Landmark.BEGINNING;

    /** The event before the first one, when it was here. */
    private @Nullable SharedEvent lastRemoved;

    /** The generation in which the newest one was read, right behind the others. */
    private int generation;

    TailEvents(int maxEvents, long maxBytes) {
        this.ring = new @Nullable SharedEvent[maxEvents];
        this.sizes = new int[maxEvents];
        this.maxBytes = maxBytes;
    }

    /** The newest one, or the one before it. */
    Landmark last() {
        return landmark(last);
    }

    /** The event at a position that is covered. */
    Landmark landmark(long position) {
        if (position >= first) {
            return landmark(position, at(position));
        }
        return lastRemoved == null ? before : landmark(first - 1, lastRemoved);
    }

    private Landmark landmark(long position, SharedEvent event) {
        return new Landmark(new GlobalPosition(position), event.event().id(), generation);
    }

    /** Forgets all, and goes on behind an event. */
    void beginAfter(Landmark event) {
        while (first <= last) {
            removeFirst();
        }
        first = event.position().value() + 1;
        last = event.position().value();
        before = event;
        lastRemoved = null;
        generation = event.generation();
    }

    /** Whether all events behind this one are here, up to the newest one. */
    boolean covers(Landmark after) {
        long position = after.position().value();
        return position >= first - 1
                && position <= last
                && (after.id() == null || after.id().equals(landmark(position).id()));
    }

    /** The next one, read in this generation of the log. */
    void add(SharedEvent event, int inGeneration) {
        generation = inGeneration;
        if (last - first + 1 == ring.length) {
            removeFirst();
        }
        last++;
        int index = index(last);
        ring[index] = event;
        sizes[index] = size(event.event());
        bytes += sizes[index];
        while (bytes > maxBytes && first < last) {
            removeFirst();
        }
    }

    /** The matching events behind a position that is covered; a full slice ends at its limit. */
    Slice slice(Landmark after, EventFilter filter, int limit) {
        List<SharedEvent> found = new ArrayList<>();
        for (long position = after.position().value() + 1; position <= last; position++) {
            SharedEvent event = at(position);
            if (filter.matches(event.event())) {
                found.add(event);
                if (found.size() == limit) {
                    return Slice.next(found, landmark(position));
                }
            }
        }
        return Slice.next(found, last());
    }

    private void removeFirst() {
        int index = index(first);
        lastRemoved = ring[index];
        ring[index] = null;
        bytes -= sizes[index];
        first++;
    }

    private SharedEvent at(long position) {
        SharedEvent event = ring[index(position)];
        if (event == null) {
            throw new IllegalStateException("no event at " + position);
        }
        return event;
    }

    private int index(long position) {
        return (int) (position % ring.length);
    }

    private static int size(RecordedEvent event) {
        return length(event.data()) + length(event.metadata());
    }

    private static int length(@Nullable Payload payload) {
        return payload == null ? 0 : payload.length();
    }
}
