package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Builtins of whole arrays and objects. */
final class CollectionBuiltins {
    private static final List<String> KEY_NAMES = List.of("key", "k", "name", "Key", "K", "Name");
    private static final List<String> VALUE_NAMES = List.of("value", "v", "Value", "V");

    private CollectionBuiltins() {}

    static void register() {
        Builtins.function("add", CollectionBuiltins::sum);
        Builtins.function("keys", (budget, in) -> keys(budget, in, true));
        Builtins.function("keys_unsorted", (budget, in) -> keys(budget, in, false));
        Builtins.function("has", CollectionBuiltins::has);
        Builtins.function(
                "contains", (budget, in, part) -> Json.of(Search.contains(budget, in, part)));
        Builtins.function("indices", Search::indices);
        Builtins.function("from_entries", CollectionBuiltins::fromEntries);
        Builtins.function("reverse", CollectionBuiltins::reversed);
        Builtins.function("flatten", (budget, in) -> flattened(budget, in, Integer.MAX_VALUE));
        Builtins.function("flatten", CollectionBuiltins::flattened);
        Sorting.register();
    }

    private static JsonNode sum(Budget budget, JsonNode in) {
        List<JsonNode> parts = new ArrayList<>();
        Access.iterate(budget, in, null, (part, _) -> parts.add(part));
        budget.makeElements(parts.size());
        if (!parts.isEmpty() && parts.stream().allMatch(JsonNode::isTextual)) {
            return Text.concatenated(budget, parts.stream().map(JsonNode::textValue).toList());
        }
        if (!parts.isEmpty() && parts.stream().allMatch(JsonNode::isArray)) {
            return flattened(budget, Json.NODES.arrayNode().addAll(parts), 1);
        }
        JsonNode sum = Json.NULL;
        for (JsonNode part : parts) {
            sum = Arithmetic.add(budget, sum, part);
        }
        return sum;
    }

    private static JsonNode keys(Budget budget, JsonNode in, boolean sorted) {
        ArrayNode keys = Json.NODES.arrayNode();
        if (in instanceof ObjectNode object) {
            budget.make(32L * object.size());
            if (sorted) {
                for (String name : Order.sortedNames(budget, object)) {
                    keys.add(name);
                }
            } else {
                object.properties().forEach(field -> keys.add(field.getKey()));
            }
            return keys;
        }
        int size = Json.requireArray(in, "asked for keys").size();
        budget.make(24L * size);
        for (int i = 0; i < size; i++) {
            keys.add(Numbers.of(i));
        }
        return keys;
    }

    private static JsonNode has(Budget budget, JsonNode in, JsonNode key) {
        budget.step();
        if (in instanceof ObjectNode object && key.isTextual()) {
            return Json.of(object.has(key.textValue()));
        }
        if (in instanceof ArrayNode array && key.isNumber()) {
            double index = key.doubleValue();
            return Json.of(index >= 0 && index < array.size());
        }
        throw new Signal.Raised(
                "Cannot check whether " + Json.typeOf(in) + " has " + Json.preview(key));
    }

    private static JsonNode fromEntries(Budget budget, JsonNode in) {
        ObjectNode object = Json.NODES.objectNode();
        for (JsonNode entry : Json.requireArray(in, "made an object")) {
            budget.step();
            budget.makeFields(1);
            JsonNode key = field(entry, KEY_NAMES);
            if (key.isContainerNode()) {
                throw new Signal.Raised("Object keys must be strings, not " + Json.preview(key));
            }
            object.set(Text.plain(budget, key), field(entry, VALUE_NAMES));
        }
        return object;
    }

    private static JsonNode field(JsonNode entry, List<String> names) {
        ObjectNode fields = Json.requireObject(entry, "an entry");
        for (String name : names) {
            JsonNode value = fields.get(name);
            if (value != null && !value.isNull()) {
                return value;
            }
        }
        return Json.NULL;
    }

    private static JsonNode reversed(Budget budget, JsonNode in) {
        if (in.isTextual()) {
            budget.makeChars(2L * in.textValue().length());
            return Json.text(new StringBuilder(in.textValue()).reverse().toString());
        }
        if (in.isNull()) {
            return Json.NODES.arrayNode();
        }
        ArrayNode array = Json.requireArray(in, "reversed");
        budget.makeElements(array.size());
        ArrayNode reversed = Json.NODES.arrayNode(array.size());
        for (int i = array.size() - 1; i >= 0; i--) {
            reversed.add(array.get(i));
        }
        return reversed;
    }

    private static JsonNode flattened(Budget budget, JsonNode in, JsonNode levels) {
        double depth = Numbers.number(levels);
        if (depth < 0) {
            throw new Signal.Raised("flatten depth must not be negative");
        }
        return flattened(budget, in, (int) depth);
    }

    private static ArrayNode flattened(Budget budget, JsonNode in, int levels) {
        ArrayNode flat = Json.NODES.arrayNode();
        budget.makeElements(0);
        Access.iterate(budget, in, null, (part, _) -> flatten(budget, part, levels, flat));
        return flat;
    }

    private static void flatten(Budget budget, JsonNode value, int levels, ArrayNode flat) {
        if (levels > 0 && value.isArray()) {
            budget.enter();
            for (JsonNode part : value) {
                flatten(budget, part, levels - 1, flat);
            }
            budget.leave();
        } else {
            budget.step();
            budget.make(8);
            flat.add(value);
        }
    }
}
