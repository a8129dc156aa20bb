package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stele.event.Payload;
import dev.stele.json.StrictParser.NotJson;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A document that the service reads as a whole, such as a definition: as strict as an event, and
 * without duplicate members anywhere.
 *
 * @param tree what it says
 * @param text the document itself, without insignificant white space
 */
public record JsonDocument(JsonNode tree, Payload text) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * Reads a document.
     *
     * @param limit the name of the limit {@code maxBytes}
     */
    public static Parsed<JsonDocument> read(byte[] body, String limit, int maxBytes) {
        if (body.length > maxBytes) {
            return new Parsed.TooLarge<>(limit, body.length, maxBytes);
        }
        Flaws flaws = new Flaws();
        try {
            StrictParser parser = new StrictParser(body);
            parser.next();
            JsonNode tree = value(parser, "", 0, flaws);
            int end = parser.tokenEnd();
            parser.requireEnd();
            if (flaws.isEmpty()) {
                Payload text = Payload.of(Minifier.minify(body, 0, end));
                return new Parsed.Valid<>(new JsonDocument(tree, text));
            }
        } catch (NotJson e) {
            flaws.add(e.pointer(), e.getMessage());
        }
        return flaws.invalid();
    }

    /** A JSON Pointer (RFC 6901) to a member of what {@code parent} points to. */
    public static String pointer(String parent, String member) {
        return parent + "/" + member.replace("~", "~0").replace("/", "~1");
    }

    /** Reads the current value, at {@code pointer} and so deep in the document, to its end. */
    static JsonNode value(StrictParser parser, String pointer, int depth, Flaws flaws) {
        if (depth > StrictParser.MAX_NESTING && parser.current().isStructStart()) {
            throw parser.tooDeep();
        }
        return switch (parser.current()) {
            case START_OBJECT -> object(parser, pointer, depth, flaws);
            case START_ARRAY -> array(parser, pointer, depth, flaws);
            case VALUE_STRING -> NODES.textNode(parser.text());
            case VALUE_NUMBER_INT -> integer(parser.text());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(new BigDecimal(parser.text()));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("no value begins with " + parser.current());
        };
    }

    private static ObjectNode object(StrictParser parser, String pointer, int depth, Flaws flaws) {
        ObjectNode object = NODES.objectNode();
        while (parser.next() != JsonToken.END_OBJECT) {
            String name = parser.text();
            String place = pointer(pointer, name);
            parser.next();
            if (object.has(name)) {
                flaws.add(place, "this member occurs twice");
            }
            object.set(name, value(parser, place, depth + 1, flaws));
        }
        return object;
    }

    private static ArrayNode array(StrictParser parser, String pointer, int depth, Flaws flaws) {
        ArrayNode array = NODES.arrayNode();
        while (parser.next() != JsonToken.END_ARRAY) {
            array.add(value(parser, pointer + "/" + array.size(), depth + 1, flaws));
        }
        return array;
    }

    private static JsonNode integer(String digits) {
        BigInteger value = new BigInteger(digits);
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE
                ? NODES.numberNode(value.longValue())
                : NODES.numberNode(value);
    }
}
