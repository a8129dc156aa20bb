package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.CanonicalJson;
import dev.stele.subscription.Parking;
import dev.stele.subscription.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Folds some keys of a view from the log's beginning, in memory. One caller at a time. */
final class Refold {

    private final CompiledView view;
    private final ViewConfig config;
    private final KeyRange keys;
    private final LeftOut leftOut;
    private final Map<String, State> states = new HashMap<>();
    private long bytes;
    private GlobalPosition reached = GlobalPosition.BEGINNING;

    /**
     * Of the keys of a range.
     *
     * @param leftOut what is not to be folded: it was not, either, when the view was
     */
    Refold(CompiledView view, ViewConfig config, KeyRange keys, LeftOut leftOut) {
        this.view = view;
        this.config = config;
        this.keys = keys;
        this.leftOut = leftOut;
    }

    /** An entry: its JSON, and the last event that is in it. */
    record State(String value, GlobalPosition position) {}

    /** How far it got. */
    sealed interface Step {
        record Went() implements Step {}

        /** The states are more than may be in memory, and there are several. */
        record TooMuch() implements Step {}

        /** An event cannot be folded that was. */
        record Stuck(String because) implements Step {}
    }

    GlobalPosition reached() {
        return reached;
    }

    Map<String, State> states() {
        return states;
    }

    /** Folds a slice, or its beginning, as far as one batch of an updater would go. */
    Step fold(Slice slice) {
        long end = System.nanoTime() + config.batchTime().toNanos();
        BooleanSupplier outOfTime = () -> System.nanoTime() - end > 0;
        Projection projection = new Projection(view, limits(), outOfTime);
        Parking parking = Parking.trial();
        Projection.Batch batch = inScope(projection.keyed(withoutLeftOut(slice), parking));
        Projection.Folded folded =
                batch.events().isEmpty()
                        ? new Projection.Folded(Map.of(), batch.end())
                        : projection.fold(batch, loaded(batch), parking);
        folded.changes().forEach(this::change);
        reached = folded.end().checkpoint();
        String failure = parking.failure();
        if (failure != null) {
            return new Step.Stuck(failure);
        }
        boolean tooMuch = states.size() > config.verify().keys() || bytes > config.verify().bytes();
        return tooMuch && states.size() > 1 ? new Step.TooMuch() : new Step.Went();
    }

    private Projection.Limits limits() {
        return new Projection.Limits(config.batchKeys(), config.batchBytes(), config.keyBytes());
    }

    private Slice withoutLeftOut(Slice slice) {
        return slice.only(event -> !leftOut.hasAllOf(event));
    }

    private Projection.Batch inScope(Projection.Batch batch) {
        List<Projection.Keyed> events = new ArrayList<>();
        for (Projection.Keyed keyed : batch.events()) {
            Set<String> own = new LinkedHashSet<>(keyed.keys());
            own.removeIf(key -> !keys.contains(key) || leftOut.has(key, keyed.event()));
            if (!own.isEmpty()) {
                events.add(new Projection.Keyed(keyed.event(), keyed.tree(), keyed.handler(), own));
            }
        }
        return new Projection.Batch(events, batch.end());
    }

    private Projection.Loaded loaded(Projection.Batch batch) {
        Map<String, JsonNode> values = new HashMap<>();
        for (String key : batch.keys()) {
            State state = states.get(key);
            if (state != null) {
                values.put(key, CanonicalJson.tree(state.value()));
            }
        }
        return new Projection.Loaded(values, Set.of());
    }

    private void change(String key, Change change) {
        State before =
                switch (change) {
                    case Change.Removed _ -> states.remove(key);
                    case Change.Written(_, var text, var position, _) -> {
                        bytes += text.length();
                        yield states.put(key, new State(text, position));
                    }
                };
        if (before != null) {
            bytes -= before.value().length();
        }
    }
}
