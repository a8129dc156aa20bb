package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import java.util.List;
import java.util.function.IntFunction;

/** Reads the events of an append to one stream: one object, or a non-empty array of them. */
public final class NewEventReader {

    private final EventLimits limits;

    public NewEventReader(EventLimits limits) {
        this.limits = limits;
    }

    /**
     * The events of a document.
     *
     * @param idsGiven whether the sender gave an id to any of them
     */
    public record NewEvents(List<NewEvent> events, boolean idsGiven) {}

    /**
     * Reads a document.
     *
     * @param missingId makes the id of the event at an index (from 0) that has none
     */
    public Parsed<NewEvents> read(byte[] body, IntFunction<EventId> missingId) {
        return AppendDocument.read(
                body, limits, (parser, flaws) -> document(parser, flaws, missingId));
    }

    private NewEvents document(StrictParser parser, Flaws flaws, IntFunction<EventId> missingId) {
        EventsReader events = new EventsReader(parser, limits, flaws, missingId);
        List<NewEvent> all =
                parser.current() == JsonToken.START_ARRAY
                        ? events.array("")
                        : List.of(events.one(""));
        return new NewEvents(all, events.idsGiven());
    }
}
