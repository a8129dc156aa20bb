package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/** JSON trees as jq sees them. */
final class Json {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    static final JsonNode NULL = NullNode.getInstance();

    private static final int PREVIEW_CHARS = 40;

    private Json() {}

    static JsonNode of(boolean value) {
        return BooleanNode.valueOf(value);
    }

    static JsonNode text(String value) {
        return TextNode.valueOf(value);
    }

    static boolean isTrue(JsonNode value) {
        return !value.isNull() && (!value.isBoolean() || value.booleanValue());
    }

    /** The same tree, not merely an equal one. */
    @SuppressWarnings("ReferenceEquality") // Identity is the question; equality would walk trees.
    static boolean isSame(JsonNode one, JsonNode other) {
        return one == other;
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case OBJECT -> "object";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            case STRING -> "string";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    /**
     * For error messages: short whatever the value, since a shared tree may be endless to write.
     */
    static String preview(JsonNode value) {
        String type = typeOf(value);
        if (value.isContainerNode() || value.isNull()) {
            return type;
        }
        String text = plain(value);
        String shown =
                text.length() > PREVIEW_CHARS ? text.substring(0, PREVIEW_CHARS) + "…" : text;
        return value.isTextual() ? type + " \"" + shown + "\"" : type + " " + shown;
    }

    /** Of a scalar: a string as it is, anything else as JSON. */
    static String plain(JsonNode scalar) {
        return scalar.isNumber() ? NumberText.of(scalar) : scalar.asText();
    }

    static JsonNode[] elements(JsonNode array) {
        JsonNode[] elements = new JsonNode[array.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = array.get(i);
        }
        return elements;
    }

    static ObjectNode copy(Budget budget, @Nullable ObjectNode object) {
        budget.makeFields(object == null ? 1 : object.size() + 1);
        ObjectNode copy = NODES.objectNode();
        if (object != null) {
            copy.setAll(object);
        }
        return copy;
    }

    static ArrayNode copy(Budget budget, @Nullable ArrayNode array) {
        int size = array == null ? 0 : array.size();
        budget.makeElements(size + 1);
        ArrayNode copy = NODES.arrayNode(size + 1);
        if (array != null) {
            copy.addAll(array);
        }
        return copy;
    }

    static ArrayNode requireArray(JsonNode value, String forWhat) {
        if (value instanceof ArrayNode array) {
            return array;
        }
        throw new Signal.Raised(preview(value) + " cannot be " + forWhat + ": it is not an array");
    }

    static ObjectNode requireObject(JsonNode value, String forWhat) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new Signal.Raised(preview(value) + " cannot be " + forWhat + ": it is not an object");
    }

    static String requireText(JsonNode value, String forWhat) {
        if (value.isTextual()) {
            return value.textValue();
        }
        throw new Signal.Raised(preview(value) + " cannot be " + forWhat + ": it is not a string");
    }

    /** The JSON text, made only after it has been paid for. */
    static String written(Budget budget, JsonNode value) {
        budget.makeChars(writtenBytes(budget, value));
        return JsonText.of(value);
    }

    /** The length of the JSON text in UTF-8, a guess for doubles only; a step for each node. */
    static long writtenBytes(Budget budget, JsonNode value) {
        budget.enter();
        long bytes = 2;
        switch (value) {
            case ArrayNode array -> {
                for (JsonNode element : array) {
                    bytes += 1 + writtenBytes(budget, element);
                }
            }
            case ObjectNode object -> {
                for (var field : object.properties()) {
                    bytes += 4 + writtenBytes(budget, field.getKey());
                    bytes += writtenBytes(budget, field.getValue());
                }
            }
            case TextNode text -> bytes += writtenBytes(budget, text.textValue());
            case JsonNode number when number.isNumber() -> bytes = Numbers.writtenBytes(number);
            default -> bytes = value.asText().length();
        }
        budget.leave();
        return bytes;
    }

    private static long writtenBytes(Budget budget, String text) {
        budget.steps(text.length() / 32);
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += writtenBytes(text.charAt(i));
        }
        return bytes;
    }

    /** Of a surrogate, half of the pair. */
    private static int writtenBytes(char c) {
        if (c < 0x20) {
            return c == '\b' || c == '\t' || c == '\n' || c == '\f' || c == '\r' ? 2 : 6;
        }
        if (c < 0x80) {
            return c == '"' || c == '\\' ? 2 : c == JsonText.DELETE ? 6 : 1;
        }
        return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
