package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One assignment to many paths of one tree, which itself stays as it is.
 *
 * <p>What lies above a changed value is copied the first time and changed in place from then on, so
 * that {@code .[] |= f} is linear. A copy that is handed out loses this right: whoever got it may
 * have put it in a second place.
 */
final class Edit {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Budget budget;
    private final Set<JsonNode> copies = Collections.newSetFromMap(new IdentityHashMap<>(4));
    private JsonNode root;

    Edit(Budget budget, JsonNode root) {
        this.budget = budget;
        this.root = root;
    }

    JsonNode root() {
        return root;
    }

    void update(JsonNode[] keys, UnaryOperator<JsonNode> change) {
        root = update(root, keys, 0, change);
    }

    private JsonNode update(
            JsonNode node, JsonNode[] keys, int index, UnaryOperator<JsonNode> change) {
        if (index == keys.length) {
            if (copies.contains(node)) {
                copies.clear();
            }
            return change.apply(node);
        }
        budget.enter();
        JsonNode key = keys[index];
        JsonNode changed;
        if (key.isTextual() && (node.isObject() || node.isNull())) {
            ObjectNode object = ownObject(node);
            JsonNode old = Access.get(budget, object, key);
            object.set(key.textValue(), update(old, keys, index + 1, change));
            changed = object;
        } else if (key.isNumber() && (node.isArray() || node.isNull())) {
            ArrayNode array = ownArray(node);
            int position = position(array, key);
            JsonNode old = Access.get(budget, array, key);
            put(array, position, update(old, keys, index + 1, change));
            changed = array;
        } else if (key.isObject() && (node.isArray() || node.isNull())) {
            ArrayNode array = ownArray(node);
            Slice slice = Slice.of(array, key);
            JsonNode part = update(slice.read(budget, array), keys, index + 1, change);
            if (!(part instanceof ArrayNode replacement)) {
                throw new Signal.Raised("A slice of an array can only be assigned another array");
            }
            changed = slice.replace(budget, array, replacement);
        } else {
            throw Access.notIndexable(node, key);
        }
        budget.leave();
        return changed;
    }

    private int position(ArrayNode array, JsonNode key) {
        double index = (long) key.doubleValue();
        double position = index < 0 ? index + array.size() : index;
        if (position < 0) {
            throw new Signal.Raised("Out of bounds negative array index");
        }
        if (position > LARGEST_ARRAY) {
            throw new Signal.Raised("Array index too large");
        }
        return (int) position;
    }

    private void put(ArrayNode array, int position, JsonNode value) {
        if (position >= array.size()) {
            budget.makeElements((long) position + 1 - array.size());
            while (array.size() <= position) {
                array.addNull();
            }
        }
        array.set(position, value);
    }

    private ObjectNode ownObject(JsonNode node) {
        if (node instanceof ObjectNode object && copies.contains(object)) {
            return object;
        }
        ObjectNode copy = Json.copy(budget, node instanceof ObjectNode object ? object : null);
        copies.add(copy);
        return copy;
    }

    private ArrayNode ownArray(JsonNode node) {
        if (node instanceof ArrayNode array && copies.contains(array)) {
            return array;
        }
        ArrayNode copy = Json.copy(budget, node instanceof ArrayNode array ? array : null);
        copies.add(copy);
        return copy;
    }
}
