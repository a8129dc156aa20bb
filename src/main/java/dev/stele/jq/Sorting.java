package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Builtins that order an array by a key: each once by a filter, once by the element itself. */
final class Sorting {
    private Sorting() {}

    private record Keyed(JsonNode key, JsonNode value) {}

    static void register() {
        both("sort", "sort_by", Sorting::sorted);
        both("unique", "unique_by", Sorting::unique);
        both("min", "min_by", Sorting::smallest);
        both("max", "max_by", Sorting::largest);
        Builtins.register("group_by/1", arguments -> by(arguments.getFirst(), Sorting::groups));
    }

    private static void both(
            String plain, String by, BiFunction<Budget, List<Keyed>, JsonNode> function) {
        Builtins.register(plain + "/0", _ -> by(Flow.identity(), function));
        Builtins.register(by + "/1", arguments -> by(arguments.getFirst(), function));
    }

    private static Filter by(Filter keys, BiFunction<Budget, List<Keyed>, JsonNode> function) {
        Filter all = Construction.array(keys);
        return Filter.computed((env, in) -> function.apply(env.budget, keyed(env, in, all)));
    }

    /** The key is the array of all values of the filter. */
    private static List<Keyed> keyed(Env env, JsonNode in, Filter keys) {
        ArrayNode array = Json.requireArray(in, "ordered");
        env.budget.make(48L * array.size());
        List<Keyed> keyed = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            keys.run(env, element, null, (key, _) -> keyed.add(new Keyed(key, element)));
        }
        return keyed;
    }

    private static void sort(Budget budget, List<Keyed> elements) {
        elements.sort((a, b) -> Order.compare(budget, a.key, b.key));
    }

    private static JsonNode sorted(Budget budget, List<Keyed> elements) {
        sort(budget, elements);
        ArrayNode sorted = Json.NODES.arrayNode(elements.size());
        elements.forEach(element -> sorted.add(element.value));
        return sorted;
    }

    private static ArrayNode groups(Budget budget, List<Keyed> elements) {
        sort(budget, elements);
        ArrayNode groups = Json.NODES.arrayNode();
        ArrayNode group = Json.NODES.arrayNode();
        JsonNode groupKey = Json.NULL;
        for (Keyed element : elements) {
            if (!Order.same(budget, groupKey, element.key)) {
                budget.make(72);
                group = groups.addArray();
                groupKey = element.key;
            }
            group.add(element.value);
        }
        return groups;
    }

    private static JsonNode unique(Budget budget, List<Keyed> elements) {
        ArrayNode unique = Json.NODES.arrayNode();
        for (JsonNode group : groups(budget, elements)) {
            unique.add(group.get(0));
        }
        return unique;
    }

    /** The first of equals; null of nothing. */
    private static JsonNode smallest(Budget budget, List<Keyed> elements) {
        Keyed best = new Keyed(Json.NULL, Json.NULL);
        for (Keyed element : elements) {
            if (best.key.isNull() || Order.compare(budget, element.key, best.key) < 0) {
                best = element;
            }
        }
        return best.value;
    }

    /** The last of equals; null of nothing. */
    private static JsonNode largest(Budget budget, List<Keyed> elements) {
        Keyed best = new Keyed(Json.NULL, Json.NULL);
        for (Keyed element : elements) {
            if (best.key.isNull() || Order.compare(budget, element.key, best.key) >= 0) {
                best = element;
            }
        }
        return best.value;
    }
}
