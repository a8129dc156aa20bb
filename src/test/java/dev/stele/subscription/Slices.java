package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.RecordedEvent;
import java.util.List;
import java.util.stream.Stream;

/** What a subscription hands to its subscriber, made for tests. */
public final class Slices {

    private Slices() {}

    /** The next events; there is no other one up to the last of them. */
    public static Slice of(List<RecordedEvent> events) {
        return of(events, events.getLast().position());
    }

    /** The next events up to a position. */
    public static Slice of(List<RecordedEvent> events, GlobalPosition reached) {
        return Slice.next(
                events.stream().map(SharedEvent::new).toList(), Landmark.unnamed(reached));
    }

    /** The next events up to a position, of a subscription whose checkpoint is just there. */
    public static Slice of(
            List<RecordedEvent> events, GlobalPosition reached, GlobalPosition checkpoint) {
        Slice slice = of(events, reached);
        return new Slice(slice.parts(), slice.end(), checkpoint, checkpoint, null);
    }

    /** A change that parks nothing and releases nothing. */
    public static ParkingChange noChange() {
        return Parking.trial().upTo(GlobalPosition.LAST);
    }

    /** What a change says, a line each. */
    public static List<String> legible(ParkingChange change) {
        return Stream.of(
                        change.released().stream()
                                .map(each -> each.key() + " is released at " + each.position()),
                        change.failures().stream()
                                .map(each -> each.key() + " fails at " + each.event().position()),
                        change.waiting().stream()
                                .map(each -> each.key() + " waits at " + each.position()))
                .flatMap(lines -> lines)
                .toList();
    }

    /** Of a subscription that has no parked keys. */
    public static Parking nothingParked() {
        return Parking.trial();
    }
}
