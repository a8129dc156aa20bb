package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a string lies in a string, or an array in an array; linear for strings, whatever they are.
 */
final class Search {
    private Search() {}

    /** Overlapping places too; none for the empty string. */
    static List<Integer> places(Budget budget, String text, String part) {
        List<Integer> places = new ArrayList<>();
        if (part.isEmpty()) {
            return places;
        }
        budget.makeElements(part.length());
        budget.steps(text.length() / 8);
        int[] fallbacks = fallbacks(part);
        int matched = 0;
        for (int i = 0; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
                matched = fallbacks[matched - 1];
            }
            if (text.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            if (matched == part.length()) {
                budget.make(24);
                places.add(i + 1 - matched);
                matched = fallbacks[matched - 1];
            }
        }
        return places;
    }

    /** For each prefix, how long a shorter prefix it ends with: a mismatch resumes there. */
    private static int[] fallbacks(String part) {
        int[] fallbacks = new int[part.length()];
        int matched = 0;
        for (int i = 1; i < part.length(); i++) {
            while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
                matched = fallbacks[matched - 1];
            }
            if (part.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            fallbacks[i] = matched;
        }
        return fallbacks;
    }

    /** {@code indices}: of a string in code points, of an element, or of a part of an array. */
    static JsonNode indices(Budget budget, JsonNode value, JsonNode part) {
        if (value.isNull()) {
            return value;
        }
        if (value.isTextual() && part.isTextual()) {
            ArrayNode indices = Json.NODES.arrayNode();
            String text = value.textValue();
            int counted = 0;
            int points = 0;
            for (int place : places(budget, text, part.textValue())) {
                points += text.codePointCount(counted, place);
                counted = place;
                indices.add(Numbers.of(points));
            }
            return indices;
        }
        ArrayNode array = Json.requireArray(value, "searched");
        if (part instanceof ArrayNode parts) {
            return positions(budget, array, parts);
        }
        budget.makeElements(1);
        ArrayNode single = Json.NODES.arrayNode(1).add(part);
        return positions(budget, array, single);
    }

    static ArrayNode positions(Budget budget, ArrayNode array, ArrayNode part) {
        ArrayNode positions = Json.NODES.arrayNode();
        for (int at = 0; !part.isEmpty() && at + part.size() <= array.size(); at++) {
            boolean same = true;
            for (int i = 0; same && i < part.size(); i++) {
                budget.step();
                same = Order.same(budget, array.get(at + i), part.get(i));
            }
            if (same) {
                budget.make(8);
                positions.add(Numbers.of(at));
            }
        }
        return positions;
    }

    /** {@code contains}: strings by part, arrays by any element, objects by field. */
    static boolean contains(Budget budget, JsonNode value, JsonNode part) {
        budget.enter();
        boolean contains;
        if (value instanceof ObjectNode object && part instanceof ObjectNode fields) {
            contains = true;
            for (var field : fields.properties()) {
                JsonNode found = object.get(field.getKey());
                contains &= found != null && contains(budget, found, field.getValue());
            }
        } else if (value instanceof ArrayNode array && part instanceof ArrayNode parts) {
            contains = true;
            for (JsonNode wanted : parts) {
                contains = contains && anyContains(budget, array, wanted);
            }
        } else if (value.isTextual() && part.isTextual()) {
            String wanted = part.textValue();
            contains = wanted.isEmpty() || !places(budget, value.textValue(), wanted).isEmpty();
        } else if (value.getNodeType() == part.getNodeType()) {
            contains = Order.same(budget, value, part);
        } else {
            throw new Signal.Raised(
                    Json.preview(value) + " cannot be said to contain " + Json.preview(part));
        }
        budget.leave();
        return contains;
    }

    private static boolean anyContains(Budget budget, ArrayNode array, JsonNode wanted) {
        for (JsonNode element : array) {
            budget.step();
            if (element.getNodeType() == wanted.getNodeType()
                    && contains(budget, element, wanted)) {
                return true;
            }
        }
        return false;
    }
}
