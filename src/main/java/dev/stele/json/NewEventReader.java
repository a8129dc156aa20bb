package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.json.StrictParser.NotJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Reads the events of an append to one stream: one object, a non-empty array of them, or lines with
 * one each.
 */
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

    /**
     * Reads some lines of a body, an event in each; how many and how long they are is the affair of
     * whoever took them together.
     *
     * @param missingId makes the id of the event of the line at an index (from 0) that has none
     */
    public Parsed<NewEvents> read(List<EventLine> lines, IntFunction<EventId> missingId) {
        return AppendDocument.read(flaws -> events(lines, flaws, missingId));
    }

    private NewEvents events(List<EventLine> lines, Flaws flaws, IntFunction<EventId> missingId) {
        List<NewEvent> all = new ArrayList<>(lines.size());
        Set<EventId> given = new HashSet<>();
        for (EventLine line : lines) {
            int index = all.size();
            flaws.atLine(line.number());
            try {
                StrictParser parser = new StrictParser(line.json(), line.number() - 1);
                EventsReader event =
                        new EventsReader(parser, limits, flaws, _ -> missingId.apply(index), given);
                all.add(AppendDocument.value(parser, _ -> event.one("")));
            } catch (NotJson e) {
                // Its neighbours are documents of their own: what is wrong with them is told too.
                flaws.add(e.pointer(), e.getMessage());
            }
        }
        return new NewEvents(all, !given.isEmpty());
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
