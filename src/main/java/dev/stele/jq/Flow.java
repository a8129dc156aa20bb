package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forms that decide what runs, how often, and with which names. */
final class Flow {
    private Flow() {}

    static Filter identity() {
        return (env, in, at, out) -> out.emit(in, at);
    }

    static Filter literal(JsonNode value) {
        return (env, in, at, out) -> out.emit(value, Path.ofComputed(at));
    }

    static Filter variable(int distance) {
        return (env, in, at, out) -> out.emit(env.value(distance), Path.ofComputed(at));
    }

    static Filter pipe(Filter first, Filter second) {
        return (env, in, at, out) ->
                first.run(
                        env,
                        in,
                        at,
                        (value, path) -> {
                            env.budget.step();
                            second.run(env, value, path, out);
                        });
    }

    static Filter comma(List<Filter> parts) {
        Filter[] filters = parts.toArray(Filter[]::new);
        return (env, in, at, out) -> {
            for (Filter filter : filters) {
                env.budget.step();
                filter.run(env, in, at, out);
            }
        };
    }

    static Filter conditional(Filter condition, Filter then, Filter otherwise) {
        return (env, in, at, out) ->
                condition.run(
                        env,
                        in,
                        null,
                        (value, _) -> {
                            env.budget.step();
                            (Json.isTrue(value) ? then : otherwise).run(env, in, at, out);
                        });
    }

    static Filter binding(Filter source, Binder pattern, Filter body) {
        return (env, in, at, out) ->
                source.run(
                        env,
                        in,
                        null,
                        (value, _) -> {
                            env.budget.step();
                            pattern.bind(env, value, bound -> body.run(bound, in, at, out));
                        });
    }

    /** Catches what the body raises, but not what its consumer raises at one of its values. */
    static Filter attempt(Filter body, @Nullable Filter handler) {
        return (env, in, at, out) -> {
            Signal.Mark attempt = new Signal.Mark();
            int depth = env.budget.depth();
            JsonNode raised;
            try {
                body.run(env, in, at, (value, path) -> passOn(attempt, value, path, out));
                return;
            } catch (Signal.PassedBy passedBy) {
                throw passedBy.attempt == attempt ? passedBy.error : passedBy;
            } catch (Signal.Raised error) {
                raised = error.value;
            }
            env.budget.returnTo(depth);
            env.budget.step();
            if (handler != null) {
                handler.run(env, raised, Path.ofComputed(at), out);
            }
        };
    }

    private static void passOn(
            Signal.Mark attempt, JsonNode value, @Nullable Path path, Filter.Out out) {
        try {
            out.emit(value, path);
        } catch (Signal.Raised error) {
            throw new Signal.PassedBy(attempt, error);
        }
    }

    static Filter label(Filter body) {
        return (env, in, at, out) -> {
            Signal.Mark label = new Signal.Mark();
            stoppable(env.budget, label, () -> body.run(env.with(label), in, at, out));
        };
    }

    static Filter leave(int distance) {
        return (env, in, at, out) -> {
            env.budget.step();
            throw new Signal.Break(env.label(distance));
        };
    }

    /** Runs until the end, or until a {@link Signal.Break} to the label. */
    static void stoppable(Budget budget, Signal.Mark label, Runnable body) {
        int depth = budget.depth();
        try {
            body.run();
        } catch (Signal.Break stop) {
            if (stop.label != label) {
                throw stop;
            }
            budget.returnTo(depth);
        }
    }

    /** The first value, or null if there is none; the filter does not run beyond it. */
    static @Nullable JsonNode first(Filter filter, Env env, JsonNode in) {
        JsonNode[] found = new JsonNode[1];
        Signal.Mark label = new Signal.Mark();
        stoppable(
                env.budget,
                label,
                () ->
                        filter.run(
                                env,
                                in,
                                null,
                                (value, _) -> {
                                    found[0] = value;
                                    throw new Signal.Break(label);
                                }));
        return found[0];
    }

    static Filter call(Scope.Definition definition, int distance, List<Filter> arguments) {
        Filter[] filters = arguments.toArray(Filter[]::new);
        return (env, in, at, out) -> {
            env.budget.enter();
            pass(definition, filters, 0, env, env.up(distance), in, at, out);
            env.budget.leave();
        };
    }

    /** Parameters with {@code $} are values: the body runs once for each. */
    private static void pass(
            Scope.Definition definition,
            Filter[] arguments,
            int index,
            Env caller,
            Env callee,
            JsonNode in,
            @Nullable Path at,
            Filter.Out out) {
        if (index == arguments.length) {
            definition.body().run(callee, in, at, out);
        } else if (definition.parameters.get(index).startsWith("$")) {
            arguments[index].run(
                    caller,
                    in,
                    null,
                    (value, _) -> {
                        Env with = callee.with(value);
                        pass(definition, arguments, index + 1, caller, with, in, at, out);
                    });
        } else {
            Env with = callee.with(new Env.Closure(arguments[index], caller));
            pass(definition, arguments, index + 1, caller, with, in, at, out);
        }
    }

    static Filter parameter(int distance) {
        return (env, in, at, out) -> {
            env.budget.step();
            Env.Closure closure = env.closure(distance);
            closure.body().run(closure.env(), in, at, out);
        };
    }

    /** What {@code reduce} and {@code foreach} carry from round to round. */
    private static final class State {
        JsonNode value;
        @Nullable Path path;

        State(JsonNode value, @Nullable Path path) {
            this.value = value;
            this.path = path;
        }

        void set(JsonNode newValue, @Nullable Path newPath) {
            value = newValue;
            path = newPath;
        }
    }

    static Filter reduce(Filter source, Binder pattern, Filter initial, Filter update) {
        return (env, in, at, out) ->
                initial.run(
                        env,
                        in,
                        at,
                        (start, path) -> {
                            State state = new State(start, path);
                            source.run(
                                    env,
                                    in,
                                    null,
                                    (item, _) -> {
                                        env.budget.step();
                                        pattern.bind(env, item, b -> round(b, state, update));
                                    });
                            out.emit(state.value, state.path);
                        });
    }

    /** The last value counts; none at all counts as null. */
    private static void round(Env env, State state, Filter update) {
        JsonNode before = state.value;
        Path at = state.path;
        state.set(Json.NULL, Path.ofComputed(at));
        update.run(env, before, at, state::set);
    }

    static Filter foreach(
            Filter source, Binder pattern, Filter initial, Filter update, Filter extract) {
        return (env, in, at, out) ->
                initial.run(
                        env,
                        in,
                        at,
                        (start, path) -> {
                            State state = new State(start, path);
                            source.run(
                                    env,
                                    in,
                                    null,
                                    (item, _) -> {
                                        env.budget.step();
                                        pattern.bind(
                                                env,
                                                item,
                                                b -> round(b, state, update, extract, out));
                                    });
                        });
    }

    private static void round(Env env, State state, Filter update, Filter extract, Filter.Out out) {
        update.run(
                env,
                state.value,
                state.path,
                (value, path) -> {
                    state.set(value, path);
                    extract.run(env, value, path, out);
                });
    }
}
