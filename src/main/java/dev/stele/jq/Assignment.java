package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code =}, {@code |=}, {@code +=} and the like: the input with what the left side points at
 * changed.
 */
final class Assignment {
    private Assignment() {}

    static Filter plain(Filter paths, Filter values) {
        return arithmetic(paths, values, (budget, old, value) -> value);
    }

    static Filter alternative(Filter paths, Filter values) {
        return arithmetic(paths, values, (budget, old, value) -> Json.isTrue(old) ? old : value);
    }

    /** One result for each value of the right side, which is computed from the whole input. */
    static Filter arithmetic(Filter paths, Filter values, Operators.Binary function) {
        return (env, in, at, out) ->
                values.run(
                        env,
                        in,
                        null,
                        (value, _) -> {
                            Budget budget = env.budget;
                            budget.step();
                            Edit edit = new Edit(budget, in);
                            paths.run(
                                    env,
                                    in,
                                    Path.ROOT,
                                    (_, path) ->
                                            edit.update(
                                                    Path.require(path).keys(),
                                                    old -> function.apply(budget, old, value)));
                            out.emit(edit.root(), Path.ofComputed(at));
                        });
    }

    /** Each value becomes the filter's first result; one without result is removed in the end. */
    static Filter update(Filter paths, Filter filter) {
        return (env, in, at, out) -> {
            Edit edit = new Edit(env.budget, in);
            List<JsonNode> removed = new ArrayList<>();
            paths.run(
                    env,
                    in,
                    Path.ROOT,
                    (_, path) -> {
                        Path place = Path.require(path);
                        edit.update(
                                place.keys(),
                                old -> {
                                    JsonNode value = Flow.first(filter, env, old);
                                    if (value == null) {
                                        removed.add(place.toArray(env.budget));
                                    }
                                    return value == null ? old : value;
                                });
                    });
            out.emit(Deletion.of(env.budget, edit.root(), removed), Path.ofComputed(at));
        };
    }
}
