package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Reads all the events of one append, wherever in its document they are. */
final class EventsReader {

    private final StrictParser parser;
    private final EventLimits limits;
    private final Flaws flaws;
    private final IntFunction<EventId> missingId;
    private final Set<EventId> given;
    private int count;

    /**
     * A reader of the events of one append.
     *
     * @param missingId makes the id of the event at an index (from 0) that has none
     */
    EventsReader(
            StrictParser parser, EventLimits limits, Flaws flaws, IntFunction<EventId> missingId) {
        this(parser, limits, flaws, missingId, new HashSet<>());
    }

    /**
     * A reader of some of the events of one append, whose others are in other documents.
     *
     * @param given the ids that the sender gave to events before, and then to these as well
     */
    EventsReader(
            StrictParser parser,
            EventLimits limits,
            Flaws flaws,
            IntFunction<EventId> missingId,
            Set<EventId> given) {
        this.parser = parser;
        this.limits = limits;
        this.flaws = flaws;
        this.missingId = missingId;
        this.given = given;
    }

    /** Whether the sender gave an id to any event. */
    boolean idsGiven() {
        return !given.isEmpty();
    }

    /** Reads the current value, which is an array of events, to its end. */
    List<NewEvent> array(String pointer) {
        return array(pointer, this::one);
    }

    /** Reads the current value, which should be an array of CloudEvents, to its end. */
    List<NewEvent> cloudEvents(String pointer) {
        if (parser.current() != JsonToken.START_ARRAY) {
            flaws.add(pointer, "must be an array of CloudEvents");
            parser.skipValue();
            return List.of();
        }
        return array(pointer, this::cloudEvent);
    }

    private List<NewEvent> array(String pointer, Function<String, NewEvent> element) {
        List<NewEvent> events = new ArrayList<>();
        while (parser.next() != JsonToken.END_ARRAY) {
            if (count == limits.appendEvents()) {
                // Counted to the end of the array, so that the answer says by how much.
                throw new LimitExceeded(
                        "append-events", count + remaining(), limits.appendEvents());
            }
            events.add(element.apply(pointer + "/" + events.size()));
        }
        if (events.isEmpty()) {
            flaws.add(pointer, "the array must have at least one event");
        }
        return events;
    }

    /** Reads the current value, which should be an event, to its end. */
    NewEvent one(String pointer) {
        NewEventFields fields = new NewEventFields(parser, pointer, limits, flaws);
        fields.read();
        EventId id = fields.id();
        if (id != null) {
            give(id, pointer);
        }
        int index = count++;
        return fields.toEvent(id != null ? id : missingId.apply(index));
    }

    /** Reads the current value, which should be a CloudEvent, to its end. */
    NewEvent cloudEvent(String pointer) {
        int before = flaws.count();
        NewEvent event = new CloudEventFields(parser, pointer, limits, flaws).read();
        if (flaws.count() == before) {
            give(event.id(), pointer);
        }
        count++;
        return event;
    }

    private void give(EventId id, String pointer) {
        if (!given.add(id)) {
            flaws.add(pointer + "/id", "an earlier event of the same append has this id");
        }
    }

    private int remaining() {
        int remaining = 0;
        do {
            parser.skipValue();
            remaining++;
        } while (parser.next() != JsonToken.END_ARRAY);
        return remaining;
    }
}
