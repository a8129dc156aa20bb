package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventFilter;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import dev.stele.log.AppendResult.Place;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecentEventsTest {

    private static final int MANY = 100;

    private final RecentEvents recent = new RecentEvents(4, 20);

    @Test
    void what_was_just_added_is_there() {
        add(7, "a", 1);
        add(8, "b", 1);

        assertEquals(Optional.of(List.of(7L, 8L)), positions(6, 8));
        assertEquals(Optional.of(List.of(8L)), positions(7, 8));
        assertEquals(Optional.of(List.of()), positions(8, 8));
    }

    @Test
    void what_was_not_is_not() {
        add(7, "a", 1);

        assertEquals(Optional.empty(), positions(5, 7));
        assertEquals(Optional.empty(), positions(6, 8));
    }

    @Test
    void none_are_kept_when_none_may_be() {
        RecentEvents none = new RecentEvents(0, 20);

        add(none, 1, "a", 1);

        assertEquals(
                Optional.empty(),
                none.slice(Landmark.BEGINNING, new GlobalPosition(1), EventFilter.ALL, MANY));
    }

    @Test
    void only_the_newest_stay_in_number() {
        for (int position = 1; position <= 6; position++) {
            add(position, "a", 1);
        }

        assertEquals(Optional.empty(), positions(1, 6));
        assertEquals(Optional.of(List.of(3L, 4L, 5L, 6L)), positions(2, 6));
    }

    @Test
    void only_the_newest_stay_in_bytes() {
        add(1, "a", 10);
        add(2, "a", 10);
        add(3, "a", 10);
        assertEquals(Optional.empty(), positions(0, 3));
        assertEquals(Optional.of(List.of(2L, 3L)), positions(1, 3));

        add(4, "a", 21);
        assertEquals(Optional.empty(), positions(3, 4));

        add(5, "a", 1);
        assertEquals(Optional.of(List.of(5L)), positions(4, 5));
    }

    @Test
    void a_gap_is_a_new_beginning() {
        add(1, "a", 1);
        add(3, "a", 1);

        assertEquals(Optional.empty(), positions(0, 1));
        assertEquals(Optional.empty(), positions(0, 3));
        assertEquals(Optional.of(List.of(3L)), positions(2, 3));
    }

    @Test
    void a_slice_has_what_the_filter_lets_through() {
        add(1, "a-1", 1);
        add(2, "b-1", 1);
        add(3, "a-2", 1);

        EventFilter filter = new EventFilter(List.of("a"), List.of(), List.of(new Tag("t:1")));
        assertEquals(Optional.of(List.of(1L, 3L)), positions(0, 3, filter, MANY));
        assertEquals(
                Optional.of(List.of()),
                positions(0, 3, new EventFilter(List.of(), List.of("Other"), List.of()), MANY));
    }

    @Test
    void a_full_slice_reaches_its_last_event() {
        add(1, "a", 1);
        add(2, "a", 1);
        add(3, "a", 1);

        EventLog.Slice slice = slice(0, 3, EventFilter.ALL, 2).orElseThrow();
        assertEquals(2, slice.events().size());
        assertEquals(new GlobalPosition(2), slice.reached());
    }

    @Test
    void the_events_of_an_append_lie_one_after_the_other() {
        StreamId one = new StreamId("one");
        StreamId two = new StreamId("two");
        Append append =
                new Append(
                        List.of(
                                new Append.Part(
                                        one, AppendCondition.any(), List.of(event(1), event(1))),
                                new Append.Part(two, AppendCondition.any(), List.of(event(1)))),
                        List.of(),
                        null,
                        false,
                        null);

        recent.add(append, List.of(place(9, 6), place(1, 7)), Instant.EPOCH);

        assertEquals(
                List.of("one 8 5", "one 9 6", "two 1 7"),
                slice(4, 7, EventFilter.ALL, MANY).orElseThrow().events().stream()
                        .map(e -> "%s %s %s".formatted(e.stream(), e.version(), e.position()))
                        .toList());
    }

    @Test
    void who_comes_from_another_event_finds_nothing() {
        add(1, "order-1", 1);
        add(2, "order-1", 1);
        EventLog.Slice slice = slice(0, 2, EventFilter.ALL, MANY).orElseThrow();
        Landmark here = slice.end();
        Landmark other = new Landmark(here.position(), new EventId(UUID.randomUUID()), 1);
        add(3, "order-1", 1);
        GlobalPosition end = new GlobalPosition(3);

        assertEquals(
                1, recent.slice(here, end, EventFilter.ALL, MANY).orElseThrow().events().size());
        assertEquals(Optional.empty(), recent.slice(other, end, EventFilter.ALL, MANY));
    }

    @Test
    void what_is_cleared_is_found_no_more() {
        add(1, "order-1", 1);
        recent.clear();

        assertEquals(Optional.empty(), positions(0, 1));
        add(1, "order-2", 1);
        assertEquals(List.of(1L), positions(0, 1).orElseThrow());
    }

    private void add(long position, String stream, int bytes) {
        add(recent, position, stream, bytes);
    }

    private static void add(RecentEvents to, long position, String stream, int bytes) {
        Append append =
                Append.toStream(
                        new StreamId(stream),
                        AppendCondition.any(),
                        List.of(event(bytes)),
                        false,
                        null);
        to.add(append, List.of(place(1, position)), Instant.EPOCH);
    }

    private static Place place(long version, long position) {
        return new Place(new StreamVersion(version), new GlobalPosition(position));
    }

    private static NewEvent event(int bytes) {
        return new NewEvent(
                new EventId(UUID.randomUUID()),
                new EventType("Happened"),
                null,
                null,
                Payload.of("1".repeat(bytes)),
                null,
                null,
                References.NONE,
                Stream.of("t:1", "u:1").map(Tag::new).toList());
    }

    private Optional<List<Long>> positions(long after, long upTo) {
        return positions(after, upTo, EventFilter.ALL, MANY);
    }

    private Optional<List<Long>> positions(long after, long upTo, EventFilter filter, int limit) {
        return slice(after, upTo, filter, limit)
                .map(slice -> slice.events().stream().map(e -> e.position().value()).toList());
    }

    private Optional<EventLog.Slice> slice(long after, long upTo, EventFilter filter, int limit) {
        return recent.slice(
                Landmark.unnamed(new GlobalPosition(after)),
                new GlobalPosition(upTo),
                filter,
                limit);
    }
}
