package dev.stele.event;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A wish to append: all of these events to these streams, or none.
 *
 * @param parts what goes to which stream; each stream once
 * @param requirements what must hold of streams that are not written
 * @param failIf which events must not be there; null: any may
 * @param mayRepeat whether the ids may have been used before: false only when all were made for
 *     this call, which saves looking them up
 * @param traceparent the W3C trace context of the request
 */
public record Append(
        List<Part> parts,
        List<Requirement> requirements,
        @Nullable FailIf failIf,
        boolean mayRepeat,
        @Nullable String traceparent) {

    /** The events for one stream, and when they may be appended to it. */
    public record Part(StreamId stream, AppendCondition condition, List<NewEvent> events) {

        public Part {
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new IllegalArgumentException("an append must have at least one event");
            }
        }
    }

    /** What must hold of a stream. */
    public record Requirement(StreamId stream, AppendCondition condition) {}

    public Append {
        parts = List.copyOf(parts);
        requirements = List.copyOf(requirements);
        if (parts.isEmpty() || (parts.size() > 1 && repeatsStream(parts))) {
            throw new IllegalArgumentException("an append writes to some streams, each once");
        }
    }

    private static boolean repeatsStream(List<Part> parts) {
        return parts.stream().map(Part::stream).distinct().count() < parts.size();
    }

    /** An append to one stream. */
    public static Append toStream(
            StreamId stream,
            AppendCondition condition,
            List<NewEvent> events,
            boolean mayRepeat,
            @Nullable String traceparent) {
        return new Append(
                List.of(new Part(stream, condition, events)),
                List.of(),
                null,
                mayRepeat,
                traceparent);
    }

    /** The same with other events, made of its own. */
    public Append with(UnaryOperator<NewEvent> change) {
        List<Part> changed =
                parts.stream()
                        .map(
                                part ->
                                        new Part(
                                                part.stream(),
                                                part.condition(),
                                                part.events().stream().map(change).toList()))
                        .toList();
        return new Append(changed, requirements, failIf, mayRepeat, traceparent);
    }

    /** The streams that it writes or requires something of. */
    public Stream<StreamId> streams() {
        return Stream.concat(
                parts.stream().map(Part::stream), requirements.stream().map(Requirement::stream));
    }

    /** The events, in order. */
    public Stream<NewEvent> events() {
        return parts.stream().flatMap(part -> part.events().stream());
    }

    /** How many events it has. */
    public int size() {
        int size = 0;
        for (Part part : parts) {
            size += part.events().size();
        }
        return size;
    }

    /** Size of the events, in bytes. */
    public int sizeInBytes() {
        int bytes = 0;
        for (Part part : parts) {
            for (NewEvent event : part.events()) {
                bytes += event.sizeInBytes();
            }
        }
        return bytes;
    }

    /** The ids of the events, in order. */
    public List<EventId> ids() {
        return events().map(NewEvent::id).toList();
    }
}
