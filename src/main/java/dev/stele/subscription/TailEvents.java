package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
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

    private final long maxBytes;
    private long bytes;

    /** Both inclusive; none when {@code first} is behind {@code last}. */
    private long first = 1;

    private long last;

    TailEvents(int maxEvents, long maxBytes) {
        this.ring = new @Nullable SharedEvent[maxEvents];
        this.maxBytes = maxBytes;
    }

    /** The newest one, or where it would be. */
    GlobalPosition last() {
        return new GlobalPosition(last);
    }

    /** Forgets all, and goes on behind a position. */
    void beginAfter(GlobalPosition position) {
        while (first <= last) {
            removeFirst();
        }
        first = position.value() + 1;
        last = position.value();
    }

    /** Whether all events behind a position are here, up to the newest one. */
    boolean covers(GlobalPosition after) {
        return after.value() >= first - 1 && after.value() <= last;
    }

    /** The next one. */
    void add(SharedEvent event) {
        if (last - first + 1 == ring.length) {
            removeFirst();
        }
        last++;
        ring[index(last)] = event;
        bytes += size(event.event());
        while (bytes > maxBytes && first < last) {
            removeFirst();
        }
    }

    /** The matching events behind a position that is covered; a full slice ends at its limit. */
    Slice slice(GlobalPosition after, EventFilter filter, int limit) {
        List<SharedEvent> found = new ArrayList<>();
        for (long position = after.value() + 1; position <= last; position++) {
            SharedEvent event = at(position);
            if (filter.matches(event.event())) {
                found.add(event);
                if (found.size() == limit) {
                    return Slice.next(found, event.event().position());
                }
            }
        }
        return Slice.next(found, last());
    }

    private void removeFirst() {
        bytes -= size(at(first).event());
        ring[index(first)] = null;
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

    private static long size(RecordedEvent event) {
        return length(event.data()) + length(event.metadata());
    }

    private static long length(@Nullable Payload payload) {
        return payload == null ? 0 : payload.length();
    }
}
