package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.RecordedEvent;
import dev.stele.log.EventLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber handles at once: the next events behind its checkpoint, or events of parked
 * keys that are tried again, far behind it.
 *
 * @param parts in the order of their positions, each at another one
 * @param end there is no other part up to this event (inclusive)
 * @param checkpointAtLeast where the stored checkpoint must be: further back, something that was
 *     handled was lost again, as when PostgreSQL crashes
 * @param checkpointAtMost where it may be for this to be unhandled
 * @param retriedAt where the checkpoint is and stays, when parked events are tried again
 */
public record Slice(
        List<Part> parts,
        Landmark end,
        GlobalPosition checkpointAtLeast,
        GlobalPosition checkpointAtMost,
        @Nullable Landmark retriedAt) {

    /**
     * An event, or what is left of it.
     *
     * @param only the keys that are left to handle; empty: the event as a whole
     */
    public record Part(SharedEvent shared, Set<String> only) {

        public RecordedEvent event() {
            return shared.event();
        }
    }

    /** The next events. */
    static Slice next(List<SharedEvent> events, Landmark end) {
        GlobalPosition before =
                events.isEmpty() ? end.position() : before(events.getFirst().event().position());
        return new Slice(
                events.stream().map(each -> new Part(each, Set.of())).toList(),
                end,
                GlobalPosition.BEGINNING,
                before,
                null);
    }

    /** The next events, as they were read. */
    public static Slice next(EventLog.Slice read) {
        return next(read.events().stream().map(SharedEvent::new).toList(), read.end());
    }

    /**
     * Parked events, again.
     *
     * @param keys which are left to handle of each event; none: the event as a whole
     * @param checkpoint where the subscription is
     */
    static Slice retry(
            List<RecordedEvent> events,
            Map<GlobalPosition, Set<String>> keys,
            Landmark checkpoint) {
        List<Part> parts =
                events.stream()
                        .map(
                                event ->
                                        new Part(
                                                new SharedEvent(event),
                                                keys.getOrDefault(event.position(), Set.of())))
                        .toList();
        return new Slice(
                parts,
                landmark(events.getLast(), checkpoint.generation()),
                GlobalPosition.BEGINNING,
                // Whoever passes meanwhile what does not concern it is no hindrance.
                GlobalPosition.LAST,
                checkpoint);
    }

    /** The same, when the stored checkpoint is there, or further. */
    Slice storedAt(GlobalPosition checkpoint) {
        return new Slice(parts, end, checkpoint, checkpointAtMost, retriedAt);
    }

    /** The same, without the events that are not wanted. */
    public Slice only(Predicate<RecordedEvent> wanted) {
        List<Part> some = parts.stream().filter(part -> wanted.test(part.event())).toList();
        return new Slice(some, end, checkpointAtLeast, checkpointAtMost, retriedAt);
    }

    /** Whether a part is the first one, without which nothing moves. */
    public boolean isFirst(Part part) {
        return part.event().position().equals(parts.getFirst().event().position());
    }

    /** Whether parked events are tried again. */
    public boolean retry() {
        return retriedAt != null;
    }

    /** There is no other part up to here (inclusive). */
    public GlobalPosition reached() {
        return end.position();
    }

    /**
     * Where the checkpoint goes when the parts up to a position (inclusive) are handled: to the
     * last event up to there that is known; empty when not even the first part is handled.
     */
    public Optional<Landmark> checkpointAt(GlobalPosition position) {
        if (retriedAt != null) {
            return Optional.of(retriedAt);
        }
        if (position.equals(end.position())) {
            return Optional.of(end);
        }
        return parts.stream()
                .map(Part::event)
                .takeWhile(event -> position.reached(event.position()))
                .reduce((_, later) -> later)
                .map(event -> landmark(event, end.generation()));
    }

    private static Landmark landmark(RecordedEvent event, int generation) {
        return new Landmark(event.position(), event.id(), generation);
    }

    private static GlobalPosition before(GlobalPosition position) {
        return new GlobalPosition(position.value() - 1);
    }
}
