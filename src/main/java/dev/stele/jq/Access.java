package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading a part of a value: {@code .a}, {@code .[0]}, {@code .[2:4]}, {@code .[]}, {@code ..}. */
final class Access {
    private Access() {}

    static Filter field(Filter target, TextNode name) {
        return (env, in, at, out) ->
                target.run(
                        env,
                        in,
                        at,
                        (value, path) -> {
                            env.budget.step();
                            out.emit(get(env.budget, value, name), Path.below(path, name));
                        });
    }

    /** The key is computed from the input of the whole, and is the outer loop. */
    static Filter index(Filter target, Filter keys) {
        return (env, in, at, out) ->
                keys.run(
                        env,
                        in,
                        null,
                        (key, _) ->
                                target.run(
                                        env,
                                        in,
                                        at,
                                        (value, path) -> {
                                            env.budget.step();
                                            out.emit(
                                                    get(env.budget, value, key),
                                                    Path.below(path, key));
                                        }));
    }

    static Filter slice(Filter target, Filter from, Filter upTo) {
        Filter range =
                Construction.object(
                        List.of(
                                new Construction.Field(
                                        Flow.literal(TextNode.valueOf(Slice.START)), from),
                                new Construction.Field(
                                        Flow.literal(TextNode.valueOf(Slice.END)), upTo)));
        return index(target, range);
    }

    static Filter iteration(Filter target) {
        return (env, in, at, out) ->
                target.run(env, in, at, (value, path) -> iterate(env.budget, value, path, out));
    }

    static void iterate(Budget budget, JsonNode value, @Nullable Path at, Filter.Out out) {
        switch (value) {
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    budget.step();
                    Path path = at == null ? null : Path.below(at, Numbers.of(i));
                    out.emit(array.get(i), path);
                }
            }
            case ObjectNode object -> {
                for (var field : object.properties()) {
                    budget.step();
                    Path path = at == null ? null : Path.below(at, Json.text(field.getKey()));
                    out.emit(field.getValue(), path);
                }
            }
            default -> throw new Signal.Raised("Cannot iterate over " + Json.preview(value));
        }
    }

    /** {@code ..}: the value and everything within it, parents first. */
    static Filter recursion() {
        return (env, in, at, out) -> descend(env.budget, in, at, out);
    }

    private static void descend(Budget budget, JsonNode value, @Nullable Path at, Filter.Out out) {
        budget.enter();
        out.emit(value, at);
        if (value.isContainerNode()) {
            iterate(budget, value, at, (part, path) -> descend(budget, part, path, out));
        }
        budget.leave();
    }

    /** What lies under the key: null where nothing lies. */
    static JsonNode get(Budget budget, JsonNode value, JsonNode key) {
        if (value.isNull() && (key.isTextual() || key.isNumber() || key.isNull())) {
            return Json.NULL;
        }
        if (value instanceof ObjectNode object && key.isTextual()) {
            JsonNode found = object.get(key.textValue());
            return found == null ? Json.NULL : found;
        }
        if (value instanceof ArrayNode array && key.isNumber()) {
            double index = (long) key.doubleValue();
            double position = index < 0 ? index + array.size() : index;
            boolean inside = position >= 0 && position < array.size();
            return inside ? array.get((int) position) : Json.NULL;
        }
        if (key.isObject()) {
            return Slice.of(value, key).read(budget, value);
        }
        if (value instanceof ArrayNode array && key instanceof ArrayNode part) {
            return Search.positions(budget, array, part);
        }
        throw notIndexable(value, key);
    }

    static Signal.Raised notIndexable(JsonNode value, JsonNode key) {
        return new Signal.Raised(
                "Cannot index " + Json.typeOf(value) + " with " + Json.preview(key));
    }
}
