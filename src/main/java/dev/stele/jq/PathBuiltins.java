package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builtins that speak of places within a value. */
final class PathBuiltins {
    private PathBuiltins() {}

    static void register() {
        Builtins.register("path/1", arguments -> path(arguments.getFirst()));
        Builtins.register("getpath/1", arguments -> getPath(arguments.getFirst()));
        Builtins.function("setpath", PathBuiltins::setPath);
        Builtins.function("delpaths", PathBuiltins::deletePaths);
    }

    private static Filter path(Filter filter) {
        return (env, in, at, out) ->
                filter.run(
                        env,
                        in,
                        Path.ROOT,
                        (_, path) -> {
                            env.budget.step();
                            out.emit(Path.require(path).toArray(env.budget), Path.ofComputed(at));
                        });
    }

    private static Filter getPath(Filter paths) {
        return (env, in, at, out) ->
                paths.run(
                        env,
                        in,
                        null,
                        (path, _) -> {
                            JsonNode value = in;
                            @Nullable Path place = at;
                            for (JsonNode key : Json.requireArray(path, "used as a path")) {
                                env.budget.step();
                                value = Access.get(env.budget, value, key);
                                place = Path.below(place, key);
                            }
                            out.emit(value, place);
                        });
    }

    private static JsonNode setPath(Budget budget, JsonNode in, JsonNode path, JsonNode value) {
        Json.requireArray(path, "used as a path");
        budget.makeElements(path.size());
        Edit edit = new Edit(budget, in);
        edit.update(Json.elements(path), _ -> value);
        return edit.root();
    }

    private static JsonNode deletePaths(Budget budget, JsonNode in, JsonNode paths) {
        List<JsonNode> all = new ArrayList<>();
        for (JsonNode path : Json.requireArray(paths, "used as paths")) {
            budget.makeElements(path.size());
            all.add(Json.requireArray(path, "used as a path"));
        }
        return Deletion.of(budget, in, all);
    }
}
