package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.EventFilter;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TailEventsTest {

    private static final EventFilter ORDERS =
            new EventFilter(List.of("order"), List.of(), List.of());

    private final TailEvents events = new TailEvents(4, 100);

    @Test
    void it_covers_what_is_behind_a_position_up_to_the_newest_event() {
        events.beginAfter(seen(10));
        add("order-1", 1);
        add("account-1", 1);

        assertFalse(events.covers(seen(9)));
        assertTrue(events.covers(seen(10)));
        assertTrue(events.covers(seen(12)));
        assertFalse(events.covers(seen(13)));
    }

    @Test
    void a_slice_has_what_matches_and_reaches_to_the_newest_event_or_its_limit() {
        add("order-1", 1);
        add("account-1", 1);
        add("order-2", 1);

        assertEquals(List.of(1L, 3L), positions(events.slice(seen(0), ORDERS, 10)));
        assertEquals(at(3), events.slice(seen(0), ORDERS, 10).reached());
        assertEquals(at(1), events.slice(seen(0), ORDERS, 1).reached());
        Slice rest = events.slice(seen(1), ORDERS, 10);
        assertEquals(List.of(3L), positions(rest));
        assertEquals(at(2), rest.checkpointAtMost());
        assertEquals(at(3), events.slice(seen(3), ORDERS, 10).reached());
    }

    @Test
    void older_ones_leave_when_there_are_too_many_or_too_many_bytes() {
        for (int i = 0; i < 6; i++) {
            add("order-1", 1);
        }
        assertFalse(events.covers(seen(1)));
        assertTrue(events.covers(seen(2)));

        add("order-1", 99);
        assertFalse(events.covers(seen(4)));
        assertTrue(events.covers(seen(5)));
        add("order-1", 1_000);
        assertTrue(events.covers(seen(7)));
        assertEquals(List.of(8L), positions(events.slice(seen(7), ORDERS, 10)));
    }

    @Test
    void who_comes_from_another_event_is_not_covered() {
        add("order-1", 1);
        add("order-1", 1);
        EventId other = new EventId(new UUID(1, 1));

        assertTrue(events.covers(new Landmark(at(1), new EventId(new UUID(0, 1)), 1)));
        assertFalse(events.covers(new Landmark(at(1), other, 1)));
        events.beginAfter(new Landmark(at(7), other, 2));
        assertTrue(events.covers(new Landmark(at(7), other, 1)));
        assertFalse(events.covers(new Landmark(at(7), new EventId(new UUID(0, 7)), 1)));
    }

    private void add(String stream, int bytes) {
        long position = events.last().position().value() + 1;
        events.add(
                new SharedEvent(
                        new RecordedEvent(
                                at(position),
                                new StreamId(stream),
                                new StreamVersion(position),
                                new EventId(new UUID(0, position)),
                                new EventType("A"),
                                null,
                                Instant.EPOCH,
                                null,
                                null,
                                Payload.of("1".repeat(bytes)),
                                null,
                                null,
                                References.NONE,
                                List.of(),
                                null)),
                1);
    }

    private static List<Long> positions(Slice slice) {
        return slice.parts().stream().map(part -> part.event().position().value()).toList();
    }

    private static GlobalPosition at(long position) {
        return new GlobalPosition(position);
    }

    private static Landmark seen(long position) {
        return Landmark.unnamed(at(position));
    }
}
