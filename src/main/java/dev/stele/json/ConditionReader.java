package dev.stele.json;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventType;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of an append, and notes what is wrong with them. */
final class ConditionReader {

    private final EventLimits limits;
    private final Flaws flaws;

    ConditionReader(EventLimits limits, Flaws flaws) {
        this.limits = limits;
        this.flaws = flaws;
    }

    /** A stream's name; null when it is none. */
    @Nullable StreamId stream(JsonNode value, String pointer) {
        return named(value, pointer, StreamId::named);
    }

    /** What is expected of a stream. */
    AppendCondition expected(JsonNode value, String pointer) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            try {
                return AppendCondition.atVersion(new StreamVersion(value.longValue()));
            } catch (IllegalArgumentException _) {
                // Said below, as for anything else that is not a version.
            }
        }
        return switch (value.isTextual() ? value.textValue() : "") {
            case "any" -> AppendCondition.any();
            case "exists" -> AppendCondition.exists();
            case "noStream" -> AppendCondition.noStream();
            default -> {
                flaw(pointer, "must be a version, \"noStream\", \"exists\" or \"any\"");
                yield AppendCondition.any();
            }
        };
    }

    /** The events that must not be there; null when they cannot be understood. */
    @Nullable FailIf failIf(JsonNode value) {
        String pointer = "/failIf";
        if (!hasOnly(value, pointer, Set.of("events", "after"))) {
            return null;
        }
        GlobalPosition after = after(value.get("after"), pointer + "/after");
        List<FailIf.Item> items = items(value.get("events"), pointer + "/events");
        return items.isEmpty() ? null : new FailIf(items, after);
    }

    private GlobalPosition after(@Nullable JsonNode value, String pointer) {
        if (value != null && value.isIntegralNumber() && value.canConvertToLong()) {
            try {
                return new GlobalPosition(value.longValue());
            } catch (IllegalArgumentException _) {
                // Said below, as for anything else that is not a position.
            }
        }
        flaw(pointer, "must be the position up to which the events are known, 0 for none");
        return GlobalPosition.BEGINNING;
    }

    private List<FailIf.Item> items(@Nullable JsonNode value, String pointer) {
        List<FailIf.Item> items = new ArrayList<>();
        if (value == null || !value.isArray() || value.isEmpty()) {
            flaw(pointer, "must be an array of at least one item with types or tags");
            return items;
        }
        LimitExceeded.requireAtMost("fail-if-items", value.size(), limits.failIfItems());
        for (int i = 0; i < value.size(); i++) {
            String place = pointer + "/" + i;
            JsonNode item = value.get(i);
            if (hasOnly(item, place, Set.of("types", "tags"))) {
                Set<EventType> types = names(item.get("types"), place + "/types", EventType::new);
                Set<Tag> tags = names(item.get("tags"), place + "/tags", Tag::new);
                if (types.isEmpty() && tags.isEmpty()) {
                    flaw(place, "must have types or tags");
                } else {
                    items.add(new FailIf.Item(types, tags));
                }
            }
        }
        return items;
    }

    /** Names without repeats; empty when there are none. */
    private <T> Set<T> names(
            @Nullable JsonNode value, String pointer, Function<String, T> meaning) {
        Set<T> names = new LinkedHashSet<>();
        if (value == null) {
            return names;
        }
        if (!value.isArray()) {
            flaw(pointer, "must be an array of strings");
            return names;
        }
        LimitExceeded.requireAtMost("fail-if-names", value.size(), limits.failIfNames());
        for (int i = 0; i < value.size(); i++) {
            T name = named(value.get(i), pointer + "/" + i, meaning);
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private <T> @Nullable T named(JsonNode value, String pointer, Function<String, T> meaning) {
        if (!value.isTextual()) {
            flaw(pointer, "must be a string");
            return null;
        }
        try {
            return meaning.apply(value.textValue());
        } catch (IllegalArgumentException e) {
            flaw(pointer, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private boolean hasOnly(JsonNode value, String pointer, Set<String> members) {
        if (!value.isObject()) {
            flaw(pointer, "must be an object");
            return false;
        }
        for (String name : (Iterable<String>) value::fieldNames) {
            if (!members.contains(name)) {
                flaw(JsonDocument.pointer(pointer, name), "there is no member of this name here");
            }
        }
        return true;
    }

    private void flaw(String pointer, String detail) {
        flaws.add(pointer, detail);
    }
}
