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

/** Reads the events of an append: one object, or a non-empty array of them. */
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
        if (body.length > limits.appendBytes()) {
            return new Parsed.TooLarge<>("append-bytes", body.length, limits.appendBytes());
        }
        Flaws flaws = new Flaws();
        try {
            NewEvents events = readDocument(new StrictParser(body), flaws, missingId);
            return flaws.isEmpty() ? new Parsed.Valid<>(events) : flaws.invalid();
        } catch (NotJson e) {
            flaws.add("", e.getMessage());
            return flaws.invalid();
        } catch (LimitExceeded e) {
            return new Parsed.TooLarge<>(e.limit(), e.actual(), e.max());
        }
    }

    private NewEvents readDocument(
            StrictParser parser, Flaws flaws, IntFunction<EventId> missingId) {
        List<NewEvent> events = new ArrayList<>();
        Set<EventId> given = new HashSet<>();
        JsonToken first = parser.next();
        if (first == JsonToken.START_ARRAY) {
            while (parser.next() != JsonToken.END_ARRAY) {
                int index = events.size();
                if (index == limits.appendEvents()) {
                    // Counted to the end, so that the answer says by how much.
                    throw new LimitExceeded(
                            "append-events", index + remaining(parser), limits.appendEvents());
                }
                events.add(readEvent(parser, "/" + index, index, given, flaws, missingId));
            }
            if (events.isEmpty()) {
                flaws.add("", "the array must have at least one event");
            }
        } else {
            events.add(readEvent(parser, "", 0, given, flaws, missingId));
        }
        parser.requireEnd();
        return new NewEvents(events, !given.isEmpty());
    }

    private NewEvent readEvent(
            StrictParser parser,
            String pointer,
            int index,
            Set<EventId> given,
            Flaws flaws,
            IntFunction<EventId> missingId) {
        NewEventFields fields = new NewEventFields(parser, pointer, limits, flaws);
        fields.read();
        EventId id = fields.id();
        if (id != null && !given.add(id)) {
            flaws.add(pointer + "/id", "an earlier event of the same append has this id");
        }
        return fields.toEvent(id != null ? id : missingId.apply(index));
    }

    private static int remaining(StrictParser parser) {
        int count = 0;
        do {
            parser.skipValue();
            count++;
        } while (parser.next() != JsonToken.END_ARRAY);
        return count;
    }
}
