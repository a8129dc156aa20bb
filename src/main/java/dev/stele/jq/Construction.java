package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Arrays, objects and strings with parts to fill in. */
final class Construction {
    private Construction() {}

    record Field(Filter key, Filter value) {}

    static Filter array(Filter elements) {
        return (env, in, at, out) -> {
            env.budget.makeElements(0);
            ArrayNode array = Json.NODES.arrayNode();
            elements.run(
                    env,
                    in,
                    null,
                    (value, _) -> {
                        env.budget.step();
                        env.budget.make(8);
                        array.add(value);
                    });
            out.emit(array, Path.ofComputed(at));
        };
    }

    /** Fields with many values make many objects: the first field is the outermost loop. */
    static Filter object(List<Field> fields) {
        Field[] all = fields.toArray(Field[]::new);
        return (env, in, at, out) ->
                fill(
                        all,
                        0,
                        env,
                        in,
                        new JsonNode[2 * all.length],
                        object -> out.emit(object, Path.ofComputed(at)));
    }

    private static void fill(
            Field[] fields,
            int index,
            Env env,
            JsonNode in,
            JsonNode[] filled,
            Consumer<ObjectNode> next) {
        if (index == fields.length) {
            next.accept(objectOf(env.budget, filled));
            return;
        }
        Field field = fields[index];
        field.key.run(
                env,
                in,
                null,
                (key, _) -> {
                    if (!key.isTextual()) {
                        throw new Signal.Raised(
                                "Object keys must be strings, not " + Json.preview(key));
                    }
                    field.value.run(
                            env,
                            in,
                            null,
                            (value, _) -> {
                                env.budget.step();
                                filled[2 * index] = key;
                                filled[2 * index + 1] = value;
                                fill(fields, index + 1, env, in, filled, next);
                            });
                });
    }

    private static ObjectNode objectOf(Budget budget, JsonNode[] filled) {
        budget.makeFields(filled.length / 2);
        ObjectNode object = Json.NODES.objectNode();
        for (int i = 0; i < filled.length; i += 2) {
            object.set(filled[i].textValue(), filled[i + 1]);
        }
        return object;
    }

    /** The parts are strings and filters in turn, strings first and last. */
    static Filter text(List<Object> parts, Text.Format format) {
        List<Object> all = List.copyOf(parts);
        return (env, in, at, out) ->
                fill(
                        all,
                        all.size() - 1,
                        env,
                        in,
                        new ArrayList<>(),
                        format,
                        text -> out.emit(text, Path.ofComputed(at)));
    }

    /** From the last part to the first, which makes the last one the outermost loop. */
    private static void fill(
            List<Object> parts,
            int index,
            Env env,
            JsonNode in,
            List<String> filled,
            Text.Format format,
            Consumer<JsonNode> next) {
        if (index < 0) {
            next.accept(Text.concatenated(env.budget, filled.reversed()));
            return;
        }
        switch (parts.get(index)) {
            case Filter filter ->
                    filter.run(
                            env,
                            in,
                            null,
                            (value, _) -> {
                                env.budget.step();
                                filled.add(format.apply(env.budget, value));
                                fill(parts, index - 1, env, in, filled, format, next);
                                filled.removeLast();
                            });
            case Object literal -> {
                filled.add(literal.toString());
                fill(parts, index - 1, env, in, filled, format, next);
                filled.removeLast();
            }
        }
    }
}
