package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a subscription hands to its subscriber, made for tests. */
public final class Slices {

    private static final ParkedConfig LIMITS =
            new SmallRyeConfigBuilder()
                    .withMapping(ParkedConfig.class)
                    .build()
                    .getConfigMapping(ParkedConfig.class);

    private Slices() {}

    /** The next events; there is no other one up to the last of them. */
    public static Slice of(List<RecordedEvent> events) {
        return of(events, events.getLast().position());
    }

    /** The next events up to a position. */
    public static Slice of(List<RecordedEvent> events, GlobalPosition reached) {
        return Slice.next(events.stream().map(SharedEvent::new).toList(), reached);
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
        return new Parking(new ParkedKeys(Map.of()), List.of(), LIMITS);
    }
}
