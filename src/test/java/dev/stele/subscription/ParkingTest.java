package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.subscription.ParkedKeys.ParkedKey;
import dev.stele.subscription.Parking.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ParkingTest {

    private static final Parking.Limits LIMITS = new Parking.Limits(2, 3, 10);

    @Test
    void later_events_of_a_key_wait_and_earlier_ones_do_not() {
        Parking parking = of(Map.of("a", parkedAt(5, false)));

        assertFalse(parking.holds("a", event(4, "s")));
        assertTrue(parking.holds("a", event(6, "s")));
        assertFalse(parking.holds("b", event(6, "s")));
        parking.fails("b", event(7, "s"), false, "no");
        assertFalse(parking.holds("b", event(7, "s")));
        assertTrue(parking.holds("b", event(8, "s")));
        assertFalse(parking.holdsStreamOf(event(9, "a")));
    }

    @Test
    void where_the_key_fails_the_stream_waits_as_a_whole() {
        Parking parking = of(Map.of());
        parking.failsWithoutKey(event(3, "s"), "no key");

        assertTrue(parking.holdsStreamOf(event(4, "s")));
        assertFalse(parking.holdsStreamOf(event(4, "t")));
        assertEquals(List.of("s fails at 3", "s waits at 3"), Slices.legible(parking.upTo(at(3))));
    }

    @Test
    void a_parked_key_stands_for_its_stream_as_well_and_stays_parked_where_it_was() {
        ParkedKeys known = new ParkedKeys(Map.of("s", parkedAt(5, false)));
        Parking parking = new Parking(known, List.of(), LIMITS);
        parking.failsWithoutKey(event(9, "s"), "no key");

        assertTrue(parking.holdsStreamOf(event(10, "s")));
        ParkingChange change = parking.upTo(at(10));
        assertEquals(List.of("s waits at 9"), Slices.legible(change));
        change.applyTo(known);
        assertEquals(new ParkedKey(at(5), true, false, 2), known.get("s"));
    }

    @Test
    void a_parked_key_stands_for_its_stream_only_when_that_was_reached() {
        ParkedKeys known = new ParkedKeys(Map.of("s", parkedAt(5, false)));
        Parking parking = new Parking(known, List.of(), LIMITS);
        parking.failsWithoutKey(event(9, "s"), "no key");

        assertFalse(parking.holdsStreamOf(event(8, "s")));
        ParkingChange change = parking.upTo(at(8));
        assertTrue(change.isEmpty());
        change.applyTo(known);
        assertEquals(parkedAt(5, false), known.get("s"));
    }

    @Test
    void of_two_failures_of_a_key_the_earlier_one_counts_and_both_kinds_hold() {
        Parking parking = of(Map.of());
        parking.failsWithoutKey(event(7, "s"), "no key");
        parking.fails("s", event(5, "t"), false, "no state");

        assertEquals(
                List.of("s fails at 5", "s waits at 7", "s waits at 5"),
                Slices.legible(parking.upTo(at(9))));
        assertTrue(parking.holdsStreamOf(event(8, "s")));
        assertTrue(parking.holds("s", event(6, "u")));
    }

    @Test
    void only_what_was_reached_takes_effect() {
        Parking parking = of(Map.of());
        parking.fails("a", event(1, "s"), false, "no");
        parking.waits("a", event(2, "s"), false);
        parking.fails("b", event(3, "s"), false, "no");

        assertEquals(
                List.of("a fails at 1", "a waits at 1", "a waits at 2"),
                Slices.legible(parking.upTo(at(2))));
    }

    @Test
    void an_event_that_does_not_fit_is_taken_back_and_the_others_stay() {
        Parking parking = of(Map.of("a", parkedAt(1, false), "b", parkedAt(2, false)));
        parking.waits("a", event(3, "s"), false);
        assertNull(parking.full(event(3, "s")));

        parking.fails("c", event(4, "s"), false, "no");
        String full = parking.full(event(4, "s"));

        assertNotNull(full);
        assertTrue(full.contains("STELE_PARKED_MAX_KEYS"), full);
        assertNull(parking.full(event(3, "s")));
        assertEquals(List.of("a waits at 3"), Slices.legible(parking.upTo(at(4))));
    }

    @Test
    void as_many_may_wait_as_the_limit_says() {
        Parking parking = of(Map.of("a", parkedAt(1, false)));
        for (int position = 2; position <= 4; position++) {
            parking.waits("a", event(position, "s"), false);
            assertNull(parking.full(event(position, "s")));
        }
        parking.waits("a", event(5, "s"), false);
        String full = parking.full(event(5, "s"));
        assertNotNull(full);
        assertTrue(full.contains("STELE_PARKED_MAX_WAITING"), full);
    }

    @Test
    void trying_again_needs_no_more_room_than_was_taken_whatever_the_limit_is_by_now() {
        ParkedKeys known =
                new ParkedKeys(
                        Map.of(
                                "a", parkedAt(1, false),
                                "b", parkedAt(2, false),
                                "c", parkedAt(3, false)));
        Parking parking = new Parking(known, List.of(new Waiting("a", at(1), false)), LIMITS);
        assertFalse(parking.holds("a", event(1, "s")));
        parking.fails("a", event(1, "s"), false, "still no");

        assertNull(parking.full(event(1, "s")));
        ParkingChange change = parking.upTo(at(1));
        assertEquals(List.of(), change.released());
        change.applyTo(known);
        assertEquals(3, known.size());
    }

    @Test
    void an_error_is_kept_as_far_as_it_can_be_stored() {
        Parking parking = of(Map.of());
        parking.fails("a", event(1, "s"), false, "\u0000\ud800 and much more");

        assertEquals("\ufffd\ufffd and muc", parking.upTo(at(1)).failures().getFirst().error());
    }

    private static Parking of(Map<String, ParkedKey> known) {
        return new Parking(new ParkedKeys(known), List.of(), LIMITS);
    }

    private static ParkedKey parkedAt(long position, boolean byStream) {
        return new ParkedKey(at(position), byStream, false, 1);
    }

    private static RecordedEvent event(long position, String stream) {
        return new RecordedEvent(
                at(position),
                new StreamId(stream),
                new StreamVersion(position),
                new EventId(new UUID(0, position)),
                new EventType("A"),
                null,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null,
                References.NONE,
                List.of(),
                null);
    }

    private static GlobalPosition at(long position) {
        return new GlobalPosition(position);
    }
}
