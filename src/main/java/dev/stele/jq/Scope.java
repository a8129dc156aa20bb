package dev.stele.jq;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What names mean at a place of the text; {@code slots} is the length of the run's {@link Env}. */
final class Scope {
    static final Scope EMPTY = new Scope(null, null, 0);

    private final @Nullable Scope up;
    private final @Nullable Entry entry;
    private final int slots;

    private Scope(@Nullable Scope up, @Nullable Entry entry, int slots) {
        this.up = up;
        this.entry = entry;
        this.slots = slots;
    }

    sealed interface Entry {
        String name();
    }

    record Variable(String name) implements Entry {}

    /** A parameter without {@code $}: in the {@link Env} lies a closure. */
    record Parameter(String name) implements Entry {}

    record Label(String name) implements Entry {}

    /** A function: takes no place in the {@link Env}, since its body is known. */
    static final class Definition implements Entry {
        private final String name;
        final List<String> parameters;
        private @Nullable Filter body;

        Definition(String name, List<String> parameters) {
            this.name = name;
            this.parameters = List.copyOf(parameters);
        }

        @Override
        public String name() {
            return name;
        }

        /** Once, before anything runs; a body may call itself, so it comes after the name. */
        void define(Filter filter) {
            body = filter;
        }

        Filter body() {
            return Objects.requireNonNull(body);
        }
    }

    /** An entry and how far up the {@link Env} it lies, seen from here. */
    record Found<T extends Entry>(T entry, int distance) {}

    Scope with(Entry added) {
        return new Scope(this, added, added instanceof Definition ? slots : slots + 1);
    }

    @Nullable Found<Variable> variable(String name) {
        for (Scope at = this; at != null; at = at.up) {
            if (at.entry instanceof Variable found && found.name.equals(name)) {
                return new Found<>(found, slots - at.slots);
            }
        }
        return null;
    }

    @Nullable Found<Label> label(String name) {
        for (Scope at = this; at != null; at = at.up) {
            if (at.entry instanceof Label found && found.name.equals(name)) {
                return new Found<>(found, slots - at.slots);
            }
        }
        return null;
    }

    /** The nearest {@link Definition} or {@link Parameter} of that name and number of arguments. */
    @Nullable Found<Entry> function(String name, int arguments) {
        for (Scope at = this; at != null; at = at.up) {
            boolean found =
                    switch (at.entry) {
                        case null -> false;
                        case Variable _, Label _ -> false;
                        case Parameter p -> arguments == 0 && p.name.equals(name);
                        case Definition d ->
                                d.parameters.size() == arguments && d.name.equals(name);
                    };
            if (found) {
                return new Found<>(Objects.requireNonNull(at.entry), slots - at.slots);
            }
        }
        return null;
    }
}
