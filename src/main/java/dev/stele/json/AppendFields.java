package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.FailIf;
import dev.stele.event.NewEvent;
import dev.stele.event.StreamId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The members of an append to many streams, as they are met. What is wrong is noted, and reading
 * goes on. Events are read token by token, for their data keeps its text; all else as a tree.
 */
final class AppendFields {

    private final StrictParser parser;
    private final EventLimits limits;
    private final Flaws flaws;
    private final EventsReader eventsReader;
    private final ConditionReader conditionReader;
    private final Set<StreamId> streams = new HashSet<>();
    private final List<Append.Part> parts = new ArrayList<>();
    private final List<Append.Requirement> requirements = new ArrayList<>();
    private @Nullable FailIf failIf;

    AppendFields(
            StrictParser parser, EventLimits limits, Flaws flaws, IntFunction<EventId> missingId) {
        this.parser = parser;
        this.limits = limits;
        this.flaws = flaws;
        this.eventsReader = new EventsReader(parser, limits, flaws, missingId);
        this.conditionReader = new ConditionReader(limits, flaws);
    }

    /** Reads the current value, which should be an object, to its end. */
    AppendReader.Asked read() {
        readObject(
                "",
                Set.of("appends"),
                name -> {
                    switch (name) {
                        case "appends" -> {
                            if (readArray("/appends", this::readPart) == 0) {
                                flaw("/appends", "must have at least one stream");
                            }
                        }
                        case "require" -> readArray("/require", this::readRequirement);
                        case "failIf" -> failIf = conditionReader.failIf(tree("/failIf"));
                        default -> unknown("", name);
                    }
                });
        return new AppendReader.Asked(parts, requirements, failIf, eventsReader.idsGiven());
    }

    /** A stream with what is expected of it, and the events for it where there are any. */
    private final class StreamFields {
        private @Nullable StreamId stream;
        private AppendCondition condition = AppendCondition.any();
        private List<NewEvent> events = List.of();

        void read(String pointer, Set<String> members) {
            readObject(
                    pointer,
                    members,
                    name -> {
                        String place = pointer + "/" + name;
                        if (!members.contains(name) && !name.equals("expect")) {
                            unknown(pointer, name);
                        } else if (name.equals("stream")) {
                            stream = conditionReader.stream(tree(place), place);
                        } else if (name.equals("expect")) {
                            condition = conditionReader.expected(tree(place), place);
                        } else if (parser.current() == JsonToken.START_ARRAY) {
                            events = eventsReader.array(place);
                        } else {
                            flaw(place, "must be an array of events");
                            parser.skipValue();
                        }
                    });
            if (stream != null && !streams.add(stream)) {
                flaw(pointer + "/stream", "a stream may occur once in an append");
            }
        }
    }

    private void readPart(String pointer) {
        StreamFields fields = new StreamFields();
        fields.read(pointer, Set.of("stream", "events"));
        if (fields.stream != null && !fields.events.isEmpty()) {
            parts.add(new Append.Part(fields.stream, fields.condition, fields.events));
        }
    }

    private void readRequirement(String pointer) {
        StreamFields fields = new StreamFields();
        fields.read(pointer, Set.of("stream"));
        if (fields.stream != null) {
            requirements.add(new Append.Requirement(fields.stream, fields.condition));
        }
        if (requirements.size() > limits.appendRequirements()) {
            throw new LimitExceeded(
                    "append-requirements", requirements.size(), limits.appendRequirements());
        }
    }

    private void readObject(String pointer, Set<String> required, Consumer<String> member) {
        if (parser.current() != JsonToken.START_OBJECT) {
            flaw(pointer, "must be an object");
            parser.skipValue();
            return;
        }
        Set<String> seen = Members.read(parser, pointer, flaws, member);
        required.stream()
                .filter(name -> !seen.contains(name))
                .sorted()
                .forEach(name -> flaw(pointer + "/" + name, "is required"));
    }

    /** How many elements there were. */
    private int readArray(String pointer, Consumer<String> element) {
        int count = 0;
        if (parser.current() != JsonToken.START_ARRAY) {
            flaw(pointer, "must be an array");
            parser.skipValue();
            return count;
        }
        while (parser.next() != JsonToken.END_ARRAY) {
            element.accept(pointer + "/" + count);
            count++;
        }
        return count;
    }

    private JsonNode tree(String pointer) {
        return JsonDocument.value(parser, pointer, 0, flaws);
    }

    private void unknown(String pointer, String name) {
        flaw(JsonDocument.pointer(pointer, name), "there is no member of this name here");
        parser.skipValue();
    }

    private void flaw(String pointer, String detail) {
        flaws.add(pointer, detail);
    }
}
