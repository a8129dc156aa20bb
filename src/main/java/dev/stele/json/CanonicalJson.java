package dev.stele.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of what a program yielded, an entry or a message: one tree for one text and one text for
 * one tree.
 *
 * <p>A fold may go on with the tree in memory or with what was read back from the table, wherever
 * its batches happen to end; both must be the same to a program, or two replicas would come to
 * different entries. So a number that is whole and that a double holds exactly is an integer, as in
 * jq; any other fraction or float is a decimal, and is written so that it is read as one.
 */
public final class CanonicalJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final BigDecimal LARGEST_EXACT_DOUBLE = BigDecimal.valueOf(1L << 53);

    private CanonicalJson() {}

    /** The same value; the given tree stays as it is. */
    public static JsonNode canonical(JsonNode value) {
        return isCanonical(value) ? value : rebuilt(value);
    }

    private static boolean isCanonical(JsonNode value) {
        if (value.isBigDecimal()) {
            BigDecimal number = value.decimalValue();
            return !isExactInteger(number) && number.scale() == number.stripTrailingZeros().scale();
        }
        if (value.isNumber()) {
            return value.isInt()
                    || (value.isLong() && !value.canConvertToInt())
                    || (value.isBigInteger() && !value.canConvertToLong());
        }
        for (JsonNode part : value) {
            if (!isCanonical(part)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode rebuilt(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode copy = NODES.objectNode();
                object.properties().forEach(one -> copy.set(one.getKey(), rebuilt(one.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                ArrayNode copy = NODES.arrayNode(array.size());
                array.forEach(element -> copy.add(rebuilt(element)));
                yield copy;
            }
            case JsonNode number when number.isIntegralNumber() ->
                    integer(number.bigIntegerValue());
            case JsonNode number when number.isNumber() -> decimal(number.decimalValue());
            default -> value;
        };
    }

    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE
                ? NODES.numberNode(value.longValue())
                : NODES.numberNode(value);
    }

    private static JsonNode decimal(BigDecimal value) {
        return isExactInteger(value)
                ? integer(value.toBigIntegerExact())
                : NODES.numberNode(value.stripTrailingZeros());
    }

    private static boolean isExactInteger(BigDecimal value) {
        return value.abs().compareTo(LARGEST_EXACT_DOUBLE) <= 0
                && value.stripTrailingZeros().scale() <= 0;
    }

    /**
     * Why PostgreS * The JSON of an entry: one treeL or UTF-8 cannot hold the value; null when they
     * can.
     */
    public static @Nullable String problem(JsonNode value) {
        if (value.isTextual()) {
            return problem(value.textValue());
        }
        if (value instanceof ObjectNode object) {
            for (var member : object.properties()) {
                String inName = problem(member.getKey());
                if (inName != null) {
                    return inName;
                }
            }
        }
        for (JsonNode part : value) {
            String within = problem(part);
            if (within != null) {
                return within;
            }
        }
        return null;
    }

    public static @Nullable String problem(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "a string contains U+0000";
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return "a string contains an unpaired surrogate";
                }
                i++;
            }
        }
        return null;
    }

    /** The text of a canonical value; no longer than what was sent, so no characters as escapes. */
    public static String text(JsonNode value) {
        return new String(
                JsonWriter.write(
                        json ->
                                write(
                                        json.enable(
                                                JsonGenerator.Feature
                                                        .COMBINE_UNICODE_SURROGATES_IN_UTF8),
                                        value)),
                StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator json, JsonNode value) throws IOException {
        switch (value) {
            case ObjectNode object -> {
                json.writeStartObject();
                for (var member : object.properties()) {
                    json.writeFieldName(member.getKey());
                    write(json, member.getValue());
                }
                json.writeEndObject();
            }
            case ArrayNode array -> {
                json.writeStartArray();
                for (JsonNode element : array) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case JsonNode number when number.isBigDecimal() ->
                    json.writeNumber(decimalText(number.decimalValue()));
            case JsonNode text when text.isTextual() -> json.writeString(text.textValue());
            case JsonNode truth when truth.isBoolean() -> json.writeBoolean(truth.booleanValue());
            case JsonNode number when number.isNumber() -> json.writeNumber(number.asText());
            default -> json.writeNull();
        }
    }

    /** Without point and exponent it would be read as an integer. */
    private static String decimalText(BigDecimal value) {
        if (value.scale() != 0) {
            return value.toString();
        }
        String digits = value.unscaledValue().abs().toString();
        return "%s%c.%sE+%d"
                .formatted(
                        value.signum() < 0 ? "-" : "",
                        digits.charAt(0),
                        digits.substring(1),
                        digits.length() - 1);
    }

    /** The canonical value of a text that {@link #text} made. */
    public static JsonNode tree(String text) {
        return Jackson.tree(text);
    }
}
