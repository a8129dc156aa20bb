package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import dev.stele.log.EventLog;
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
    private final Scope scope;
    private final Map<String, State> states = new HashMap<>();
    private long bytes;
    private GlobalPosition reached = GlobalPosition.BEGINNING;

    Refold(CompiledView view, ViewConfig config, Scope scope) {
        this.view = view;
        this.config = config;
        this.scope = scope;
    }

    /**
     * Which events are folded into which keys. Here ends the fold of a key whose later events are
     * not folded, and here an event is left out that was left out when the view was folded.
     */
    @FunctionalInterface
    interface Scope {
        boolean folds(String key, RecordedEvent event);
    }

    /** An entry: its JSON, and the last event that is in it. */
    record State(String value, GlobalPosition position) {}

    /** How far it got. */
    sealed interface Step {
        record Went() implements Step {}

        /** The states are more than may be in memory, and there are several. */
        record TooMuch() implements Step {}

        /** An event cannot be folded. */
        record Stuck(String because) implements Step {}
    }

    GlobalPosition reached() {
        return reached;
    }

    Map<String, State> states() {
        return states;
    }

    /** Folds a slice, or its beginning, as far as one batch of an updater would go. */
    Step fold(EventLog.Slice slice) {
        long end = System.nanoTime() + config.batchTime().toNanos();
        BooleanSupplier outOfTime = () -> System.nanoTime() - end > 0;
        Projection projection = new Projection(view, limits(), outOfTime);
        Projection.Batch batch = inScope(projection.keyed(slice));
        Projection.Folded folded =
                batch.events().isEmpty()
                        ? new Projection.Folded(Map.of(), batch.end())
                        : projection.fold(batch, loaded(batch));
        folded.changes().forEach(this::change);
        reached = folded.end().checkpoint();
        String because = folded.end().because();
        if (because != null) {
            return new Step.Stuck(because);
        }
        boolean tooMuch = states.size() > config.verify().keys() || bytes > config.verify().bytes();
        return tooMuch && states.size() > 1 ? new Step.TooMuch() : new Step.Went();
    }

    private Projection.Limits limits() {
        return new Projection.Limits(
                config.batchKeys(), config.batchBytes(), config.program().keyBytes());
    }

    private Projection.Batch inScope(Projection.Batch batch) {
        List<Projection.Keyed> events = new ArrayList<>();
        for (Projection.Keyed keyed : batch.events()) {
            Set<String> keys = new LinkedHashSet<>(keyed.keys());
            keys.removeIf(key -> !scope.folds(key, keyed.event()));
            if (!keys.isEmpty()) {
                events.add(
                        new Projection.Keyed(keyed.event(), keyed.tree(), keyed.handler(), keys));
            }
        }
        return new Projection.Batch(events, batch.end());
    }

    private Projection.Loaded loaded(Projection.Batch batch) {
        Map<String, JsonNode> values = new HashMap<>();
        for (String key : batch.keys()) {
            State state = states.get(key);
            if (state != null) {
                values.put(key, EntryValue.tree(state.value()));
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
