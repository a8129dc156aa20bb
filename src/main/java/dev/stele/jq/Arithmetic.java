package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** {@code + - * / %} of any two values. */
final class Arithmetic {
    private Arithmetic() {}

    static JsonNode add(Budget budget, JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return Numbers.add(left, right);
        }
        if (left.isNull()) {
            return right;
        }
        if (right.isNull()) {
            return left;
        }
        if (left.isTextual() && right.isTextual()) {
            return Text.concatenated(budget, List.of(left.textValue(), right.textValue()));
        }
        if (left instanceof ArrayNode a && right instanceof ArrayNode b) {
            budget.makeElements((long) a.size() + b.size());
            return Json.NODES.arrayNode(a.size() + b.size()).addAll(a).addAll(b);
        }
        if (left instanceof ObjectNode a && right instanceof ObjectNode b) {
            budget.makeFields(b.size());
            return Json.copy(budget, a).setAll(b);
        }
        throw impossible(left, right, "added");
    }

    static JsonNode subtract(Budget budget, JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return Numbers.subtract(left, right);
        }
        if (left instanceof ArrayNode a && right instanceof ArrayNode b) {
            budget.makeElements(a.size());
            ArrayNode rest = Json.NODES.arrayNode();
            for (JsonNode element : a) {
                if (!isIn(budget, element, b)) {
                    rest.add(element);
                }
            }
            return rest;
        }
        throw impossible(left, right, "subtracted");
    }

    private static boolean isIn(Budget budget, JsonNode wanted, ArrayNode array) {
        for (JsonNode element : array) {
            budget.step();
            if (Order.same(budget, element, wanted)) {
                return true;
            }
        }
        return false;
    }

    static JsonNode multiply(Budget budget, JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return Numbers.multiply(left, right);
        }
        if (left.isTextual() && right.isNumber()) {
            return repeated(budget, left.textValue(), right.doubleValue());
        }
        if (left.isNumber() && right.isTextual()) {
            return repeated(budget, right.textValue(), left.doubleValue());
        }
        if (left instanceof ObjectNode a && right instanceof ObjectNode b) {
            return merged(budget, a, b);
        }
        throw impossible(left, right, "multiplied");
    }

    private static JsonNode repeated(Budget budget, String text, double times) {
        if (times <= 0) {
            return Json.NULL;
        }
        if (Double.isInfinite(times)) {
            throw new Signal.Raised("a string cannot be repeated so often");
        }
        double count = text.isEmpty() ? 1 : Math.max(1, Math.floor(times));
        budget.makeChars((long) (count * text.length()));
        return Json.text(text.repeat((int) count));
    }

    private static ObjectNode merged(Budget budget, ObjectNode left, ObjectNode right) {
        budget.enter();
        budget.makeFields(right.size());
        ObjectNode merged = Json.copy(budget, left);
        for (var field : right.properties()) {
            budget.step();
            boolean both =
                    merged.get(field.getKey()) instanceof ObjectNode
                            && field.getValue() instanceof ObjectNode;
            merged.set(
                    field.getKey(),
                    both
                            ? merged(
                                    budget,
                                    (ObjectNode) merged.get(field.getKey()),
                                    (ObjectNode) field.getValue())
                            : field.getValue());
        }
        budget.leave();
        return merged;
    }

    static JsonNode divide(Budget budget, JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return Numbers.divide(left, right);
        }
        if (left.isTextual() && right.isTextual()) {
            return split(budget, left.textValue(), right.textValue());
        }
        throw impossible(left, right, "divided");
    }

    static JsonNode modulo(Budget budget, JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return Numbers.modulo(left, right);
        }
        throw impossible(left, right, "divided");
    }

    /** By the empty string: into characters. */
    static ArrayNode split(Budget budget, String text, String separator) {
        ArrayNode parts = Json.NODES.arrayNode();
        budget.makeChars(text.length());
        int start = 0;
        for (int end : ends(budget, text, separator)) {
            if (end >= start) {
                budget.make(64);
                parts.add(text.substring(start, end));
                start = end + separator.length();
            }
        }
        if (!text.isEmpty() && (start < text.length() || !separator.isEmpty())) {
            parts.add(text.substring(start));
        }
        return parts;
    }

    private static List<Integer> ends(Budget budget, String text, String separator) {
        if (!separator.isEmpty()) {
            return Search.places(budget, text, separator);
        }
        budget.make(24L * text.length());
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        while (end < text.length()) {
            end = text.offsetByCodePoints(end, 1);
            ends.add(end);
        }
        return ends;
    }

    private static Signal.Raised impossible(JsonNode left, JsonNode right, String done) {
        return new Signal.Raised(
                Json.preview(left) + " and " + Json.preview(right) + " cannot be " + done);
    }
}
