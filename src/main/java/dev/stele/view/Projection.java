package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Names;
import dev.stele.event.RecordedEvent;
import dev.stele.jq.JqOutcome;
import dev.stele.jq.JqProgram;
import dev.stele.json.CanonicalJson;
import dev.stele.json.EventJson;
import dev.stele.subscription.Parking;
import dev.stele.subscription.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a view, and nothing else: events and states in, states out. The same events give the
 * same entries, however they are cut into batches.
 *
 * <p>It has two halves, because between them the touched entries are loaded: {@link #keyed} finds
 * out which they are, {@link #fold} runs the handlers. Either may end before the last event, at a
 * limit. What an event does to one entry is all or nothing: where it fails, the key is parked, and
 * the event is folded into its other entries.
 */
final class Projection {

    private final CompiledView view;
    private final Limits limits;
    private final BooleanSupplier outOfTime;

    Projection(CompiledView view, Limits limits, BooleanSupplier outOfTime) {
        this.view = view;
        this.limits = limits;
        this.outOfTime = outOfTime;
    }

    /** How much a batch may hold; its first event may be more. */
    record Limits(int keys, int bytes, int keyBytes) {}

    /**
     * Where a half ended: what is at or below {@code checkpoint} is in, or parked; because = the
     * next event cannot even be parked.
     */
    record End(GlobalPosition checkpoint, @Nullable String because) {

        static End before(RecordedEvent event, @Nullable String because) {
            return new End(new GlobalPosition(event.position().value() - 1), because);
        }
    }

    /** An event that changes entries. */
    record Keyed(RecordedEvent event, JsonNode tree, JqProgram handler, Set<String> keys) {}

    /** The events of a batch, and where it ends. */
    record Batch(List<Keyed> events, End end) {

        /** What must be loaded, in the order in which it is needed. */
        Set<String> keys() {
            Set<String> keys = new LinkedHashSet<>();
            events.forEach(event -> keys.addAll(event.keys()));
            return keys;
        }
    }

    /**
     * The touched entries as they are.
     *
     * @param values those that exist
     * @param unknown those that were too much to load; none of the first event's
     */
    record Loaded(Map<String, JsonNode> values, Set<String> unknown) {}

    /** What becomes of the touched entries, and where it ends. */
    record Folded(Map<String, Change> changes, End end) {}

    /** Runs the view's key on the events. */
    Batch keyed(Slice slice, Parking parking) {
        List<Keyed> events = new ArrayList<>();
        Set<String> touched = new LinkedHashSet<>();
        for (Slice.Part part : slice.parts()) {
            RecordedEvent event = part.event();
            JqProgram handler = view.handler(event.type());
            if (handler == null) {
                continue;
            }
            if (!slice.isFirst(part) && outOfTime.getAsBoolean()) {
                return new Batch(events, End.before(event, null));
            }
            Optional<Keyed> keyed = keyed(part, handler, parking);
            String full = parking.full(event);
            if (full != null) {
                return new Batch(events, End.before(event, full));
            }
            if (keyed.isPresent()) {
                touched.addAll(keyed.get().keys());
                if (!events.isEmpty() && touched.size() > limits.keys()) {
                    return new Batch(events, End.before(event, null));
                }
                events.add(keyed.get());
            }
        }
        return new Batch(events, new End(slice.reached(), null));
    }

    /** The event with its keys; empty when it concerns no entry, or none now. */
    private Optional<Keyed> keyed(Slice.Part part, JqProgram handler, Parking parking) {
        RecordedEvent event = part.event();
        if (parking.holdsStreamOf(event)) {
            parking.waits(event.stream().value(), event, true);
            return Optional.empty();
        }
        JsonNode tree = part.shared().parsed(EventJson::tree);
        Set<String> keys = new LinkedHashSet<>();
        String problem = computeKeys(tree, keys);
        if (problem != null) {
            parking.failsWithoutKey(event, "key: " + problem);
            return Optional.empty();
        }
        if (!part.only().isEmpty()) {
            keys.retainAll(part.only());
        }
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(new Keyed(event, tree, handler, keys));
    }

    /** Adds the keys of an event, or says why it has none that are any good. */
    private @Nullable String computeKeys(JsonNode event, Set<String> keys) {
        return switch (view.key().run(event, Map.of())) {
            case JqOutcome.Failed(var error) -> error;
            case JqOutcome.OverBudget(var budget, var detail) -> overBudget(budget, detail);
            case JqOutcome.Values(var values) -> {
                for (JsonNode value : values) {
                    String problem = keyProblem(value);
                    if (problem != null) {
                        yield problem;
                    }
                    keys.add(value.textValue());
                }
                yield null;
            }
        };
    }

    private @Nullable String keyProblem(JsonNode value) {
        if (!value.isTextual()) {
            return "a key must be a string, not %s"
                    .formatted(value.getNodeType().toString().toLowerCase(Locale.ROOT));
        }
        String key = value.textValue();
        if (!Names.isAddressable(key)) {
            return "a key must not be empty, \".\" or \"..\": no address can carry it";
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        return bytes > limits.keyBytes()
                ? "a key must have at most %d bytes, not %d".formatted(limits.keyBytes(), bytes)
                : CanonicalJson.problem(key);
    }

    /** Runs the handlers, event by event. */
    Folded fold(Batch batch, Loaded loaded, Parking parking) {
        Map<String, Change> changes = new LinkedHashMap<>();
        long bytes = 0;
        boolean first = true;
        for (Keyed event : batch.events()) {
            boolean full =
                    bytes > limits.bytes()
                            || outOfTime.getAsBoolean()
                            || event.keys().stream().anyMatch(loaded.unknown()::contains);
            if (full && !first) {
                return new Folded(changes, End.before(event.event(), null));
            }
            first = false;
            Map<String, Change> own = apply(event, loaded, changes, parking);
            String because = parking.full(event.event());
            if (because != null) {
                return new Folded(changes, End.before(event.event(), because));
            }
            for (var change : own.entrySet()) {
                bytes += size(change.getValue());
                bytes -= size(changes.put(change.getKey(), change.getValue()));
            }
        }
        return new Folded(changes, batch.end());
    }

    /**
     * Folds one event into those of its entries that are not parked, and do not get parked by it.
     */
    private Map<String, Change> apply(
            Keyed event, Loaded loaded, Map<String, Change> changes, Parking parking) {
        Map<String, Change> own = new LinkedHashMap<>();
        for (String key : event.keys()) {
            if (parking.holds(key, event.event())) {
                parking.waits(key, event.event(), false);
                continue;
            }
            JsonNode state =
                    switch (changes.get(key)) {
                        case null -> loaded.values().getOrDefault(key, view.initial());
                        case Change.Written written -> written.value();
                        case Change.Removed _ -> view.initial();
                    };
            JqOutcome outcome =
                    event.handler()
                            .run(
                                    state,
                                    Map.of(
                                            CompiledView.EVENT,
                                            event.tree(),
                                            CompiledView.KEY,
                                            TextNode.valueOf(key)));
            String problem = change(event.event(), key, outcome, own);
            if (problem != null) {
                parking.fails(key, event.event(), false, problem);
            }
        }
        return own;
    }

    private static @Nullable String change(
            RecordedEvent event, String key, JqOutcome outcome, Map<String, Change> own) {
        return switch (outcome) {
            case JqOutcome.Failed(var error) -> error;
            case JqOutcome.OverBudget(var budget, var detail) -> overBudget(budget, detail);
            case JqOutcome.Values(var values) when values.isEmpty() -> {
                own.put(key, new Change.Removed(event.position(), event.recordedAt()));
                yield null;
            }
            case JqOutcome.Values(var values) when values.size() > 1 ->
                    "a handler must yield one state or none, not " + values.size();
            case JqOutcome.Values(var values) -> {
                JsonNode value = CanonicalJson.canonical(values.getFirst());
                String problem = CanonicalJson.problem(value);
                if (problem == null) {
                    own.put(
                            key,
                            new Change.Written(
                                    value,
                                    CanonicalJson.text(value),
                                    event.position(),
                                    event.recordedAt()));
                }
                yield problem;
            }
        };
    }

    private static int size(@Nullable Change change) {
        return switch (change) {
            case Change.Written written -> written.text().length();
            case Change.Removed _ -> 0;
            case null -> 0;
        };
    }

    private static String overBudget(String budget, String detail) {
        return "over budget, %s (%s)".formatted(detail, budget);
    }
}
