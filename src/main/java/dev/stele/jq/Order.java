package dev.stele.jq;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects. */
final class Order {
    private Order() {}

    static int compare(Budget budget, JsonNode left, JsonNode right) {
        if (Json.isSame(left, right)) {
            return 0;
        }
        int byType = Integer.compare(rank(left), rank(right));
        if (byType != 0) {
            return byType;
        }
        if (left.isNumber()) {
            return NumberText.compare(left, right);
        }
        if (left.isTextual()) {
            return compareTexts(budget, left.textValue(), right.textValue());
        }
        if (left instanceof ArrayNode a && right instanceof ArrayNode b) {
            return compareArrays(budget, a, b);
        }
        return left instanceof ObjectNode a && right instanceof ObjectNode b
                ? compareObjects(budget, a, b)
                : 0;
    }

    static boolean same(Budget budget, JsonNode left, JsonNode right) {
        return compare(budget, left, right) == 0;
    }

    /** In code point order, as jq has it: a surrogate is above every other char. */
    static int compareTexts(Budget budget, String left, String right) {
        int common = Math.min(left.length(), right.length());
        budget.steps(common / 32);
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
                return sameKind ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int rank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING, BINARY, POJO -> 0;
            case BOOLEAN -> value.booleanValue() ? 2 : 1;
            case NUMBER -> 3;
            case STRING -> 4;
            case ARRAY -> 5;
            case OBJECT -> 6;
        };
    }

    private static int compareArrays(Budget budget, ArrayNode left, ArrayNode right) {
        budget.enter();
        int common = Math.min(left.size(), right.size());
        int order = 0;
        for (int i = 0; i < common && order == 0; i++) {
            budget.step();
            order = compare(budget, left.get(i), right.get(i));
        }
        budget.leave();
        return order != 0 ? order : Integer.compare(left.size(), right.size());
    }

    /** First by the sorted names, then by the values in the order of the names. */
    private static int compareObjects(Budget budget, ObjectNode left, ObjectNode right) {
        budget.enter();
        String[] names = sortedNames(budget, left);
        String[] otherNames = sortedNames(budget, right);
        int order = Arrays.compare(names, otherNames, (a, b) -> compareTexts(budget, a, b));
        for (int i = 0; i < names.length && order == 0; i++) {
            budget.step();
            order = compare(budget, left.path(names[i]), right.path(names[i]));
        }
        budget.leave();
        return order;
    }

    static String[] sortedNames(Budget budget, ObjectNode object) {
        budget.makeElements(object.size());
        String[] names = new String[object.size()];
        int i = 0;
        for (var field : object.properties()) {
            names[i++] = field.getKey();
        }
        Arrays.sort(names, (a, b) -> compareTexts(budget, a, b));
        return names;
    }
}
