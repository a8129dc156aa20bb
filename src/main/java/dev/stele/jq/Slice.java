package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/** A part of an array or a string: {@code from} is inside, {@code upTo} is not. */
record Slice(int from, int upTo) {
    static final String START = "start";
    static final String END = "end";

    /** The range that a key {@code {"start", "end"}} means in this very value. */
    static Slice of(JsonNode value, JsonNode key) {
        int length =
                switch (value) {
                    case ArrayNode array -> array.size();
                    case JsonNode text when text.isTextual() ->
                            text.textValue().codePointCount(0, text.textValue().length());
                    case JsonNode none when none.isNull() -> 0;
                    default -> throw Access.notIndexable(value, key);
                };
        int from = bound(key.path(START), 0, length, false);
        return new Slice(from, Math.max(from, bound(key.path(END), length, length, true)));
    }

    private static int bound(JsonNode bound, int absent, int length, boolean roundsUp) {
        if (bound.isNull() || bound.isMissingNode()) {
            return absent;
        }
        if (!bound.isNumber()) {
            throw new Signal.Raised("Start and end indices of a slice must be numbers");
        }
        double number = bound.doubleValue();
        double counted = number < 0 ? number + length : number;
        double whole = roundsUp ? Math.ceil(counted) : Math.floor(counted);
        return (int) Math.clamp(whole, 0, length);
    }

    JsonNode read(Budget budget, JsonNode value) {
        if (value.isTextual()) {
            String text = value.textValue();
            budget.makeChars(text.length());
            int start = text.offsetByCodePoints(0, from);
            return Json.text(text.substring(start, text.offsetByCodePoints(start, upTo - from)));
        }
        return value instanceof ArrayNode array ? read(budget, array) : Json.NULL;
    }

    private ArrayNode read(Budget budget, ArrayNode array) {
        budget.makeElements(upTo - from);
        ArrayNode part = Json.NODES.arrayNode(upTo - from);
        for (int i = from; i < upTo; i++) {
            part.add(array.get(i));
        }
        return part;
    }

    /** The array with this part replaced. */
    ArrayNode replace(Budget budget, ArrayNode array, ArrayNode replacement) {
        int size = array.size() - (upTo - from) + replacement.size();
        budget.makeElements(size);
        ArrayNode result = Json.NODES.arrayNode(size);
        for (int i = 0; i < from; i++) {
            result.add(array.get(i));
        }
        result.addAll(replacement);
        for (int i = upTo; i < array.size(); i++) {
            result.add(array.get(i));
        }
        return result;
    }
}
