package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.jspecify.annotations.Nullable;

/** Where a value lies below the input: keys are strings, whole numbers, or slice objects. */
final class Path {
    static final Path ROOT = new Path(null, null, 0);

    /** The "path" of a value that was computed and lies nowhere. */
    static final Path NOWHERE = new Path(null, null, 0);

    private final @Nullable Path parent;
    private final @Nullable JsonNode key;
    private final int length;

    private Path(@Nullable Path parent, @Nullable JsonNode key, int length) {
        this.parent = parent;
        this.key = key;
        this.length = length;
    }

    /** Of a computed value, when {@code at} tells whether paths are asked for. */
    static @Nullable Path ofComputed(@Nullable Path at) {
        return at == null ? null : NOWHERE;
    }

    static @Nullable Path below(@Nullable Path at, JsonNode key) {
        if (at == null) {
            return null;
        }
        if (at == NOWHERE) {
            throw new Signal.Raised("Invalid path expression: the value was computed");
        }
        return new Path(at, key, at.length + 1);
    }

    static Path require(@Nullable Path path) {
        if (path == null || path == NOWHERE) {
            throw new Signal.Raised("Invalid path expression: the value was computed");
        }
        return path;
    }

    JsonNode[] keys() {
        JsonNode[] keys = new JsonNode[length];
        Path at = this;
        for (int i = length - 1; i >= 0 && at != null; i--) {
            if (at.key != null) {
                keys[i] = at.key;
            }
            at = at.parent;
        }
        return keys;
    }

    ArrayNode toArray(Budget budget) {
        budget.makeElements(length);
        ArrayNode array = JsonNodeFactory.instance.arrayNode(length);
        for (JsonNode key : keys()) {
            array.add(key);
        }
        return array;
    }
}
