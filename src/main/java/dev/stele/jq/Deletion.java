package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A tree without what lies at some paths. They all mean the tree as it was: no removal moves what
 * another one speaks of.
 */
final class Deletion {
    private final Budget budget;

    private Deletion(Budget budget) {
        this.budget = budget;
    }

    static JsonNode of(Budget budget, JsonNode tree, List<JsonNode> paths) {
        if (paths.isEmpty()) {
            return tree;
        }
        List<JsonNode> sorted = new ArrayList<>(paths);
        sorted.sort((a, b) -> Order.compare(budget, a, b));
        // The shortest is the first.
        return sorted.getFirst().isEmpty()
                ? Json.NULL
                : new Deletion(budget).without(tree, sorted, 0);
    }

    /** The paths are sorted, and the same before {@code depth}. */
    private JsonNode without(JsonNode tree, List<JsonNode> paths, int depth) {
        if (tree.isNull()) {
            return tree;
        }
        budget.enter();
        Edit edit = new Edit(budget, tree);
        List<JsonNode> ends = new ArrayList<>();
        int from = 0;
        while (from < paths.size()) {
            budget.step();
            JsonNode key = paths.get(from).get(depth);
            int upTo = from + 1;
            while (upTo < paths.size() && Order.same(budget, key, paths.get(upTo).get(depth))) {
                upTo++;
            }
            if (paths.get(from).size() == depth + 1) {
                ends.add(key);
            } else {
                JsonNode below = Access.get(budget, tree, key);
                if (!below.isNull()) {
                    JsonNode rest = without(below, paths.subList(from, upTo), depth + 1);
                    edit.update(new JsonNode[] {key}, _ -> rest);
                }
            }
            from = upTo;
        }
        budget.leave();
        return ends.isEmpty() ? edit.root() : without(edit.root(), ends);
    }

    private JsonNode without(JsonNode container, List<JsonNode> keys) {
        for (JsonNode key : keys) {
            boolean fits =
                    key.isTextual()
                            ? container.isObject()
                            : container.isArray() && (key.isNumber() || key.isObject());
            if (!fits) {
                throw Access.notIndexable(container, key);
            }
        }
        return switch (container) {
            case ObjectNode object -> {
                ObjectNode rest = Json.copy(budget, object);
                keys.forEach(key -> rest.remove(key.textValue()));
                yield rest;
            }
            case ArrayNode array -> without(array, keys);
            default -> container;
        };
    }

    private ArrayNode without(ArrayNode array, List<JsonNode> keys) {
        BitSet removed = new BitSet();
        for (JsonNode key : keys) {
            budget.step();
            if (key.isObject()) {
                Slice slice = Slice.of(array, key);
                budget.steps((slice.upTo() - slice.from()) / 64);
                removed.set(slice.from(), slice.upTo());
            } else {
                double index = (long) key.doubleValue();
                double position = index < 0 ? index + array.size() : index;
                if (position >= 0 && position < array.size()) {
                    removed.set((int) position);
                }
            }
        }
        budget.makeElements(array.size());
        ArrayNode rest = Json.NODES.arrayNode(array.size());
        for (int i = removed.nextClearBit(0); i < array.size(); i = removed.nextClearBit(i + 1)) {
            rest.add(array.get(i));
        }
        return rest;
    }
}
