package dev.stele.jq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The texts of trees that programs make and read.
 *
 * <p>Jackson's own limits are all off: whatever may be in an event can be written by {@code
 * tojson}, and that can be read by {@code fromjson}. What bounds a program is its budget.
 */
final class JsonText {
    /** Names that strangers invent must not end up in tables that outlive the run. */
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(Integer.MAX_VALUE)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /** The one character above the space that jq escapes. */
    static final char DELETE = 0x7f;

    /** As in events; longer ones take time that grows faster than they do. */
    static final int MAX_NUMBER_CHARS = 1_000;

    /** In an event, a thousand digits and an exponent of a thousand. */
    private static final int MAX_SCALE = 2 * MAX_NUMBER_CHARS;

    private final JsonParser tokens;
    private final int maxDepth;

    private JsonText(JsonParser tokens, int maxDepth) {
        this.tokens = tokens;
        this.maxDepth = maxDepth;
    }

    /**
     * The text of a tree that is paid for; by hand, so that numbers and escapes are those of jq.
     */
    static String of(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(text, value);
        return text.toString();
    }

    private static void write(StringBuilder text, JsonNode value) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                String before = "{";
                for (var field : value.properties()) {
                    write(text.append(before), field.getKey());
                    write(text.append(':'), field.getValue());
                    before = ",";
                }
                text.append(value.isEmpty() ? "{}" : "}");
            }
            case ARRAY -> {
                String before = "[";
                for (JsonNode element : value) {
                    write(text.append(before), element);
                    before = ",";
                }
                text.append(value.isEmpty() ? "[]" : "]");
            }
            case STRING -> write(text, value.textValue());
            case BOOLEAN -> text.append(value.booleanValue());
            case NUMBER -> text.append(NumberText.of(value));
            case NULL, MISSING, BINARY, POJO -> text.append("null");
        }
    }

    private static void write(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\b' -> text.append("\\b");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\f' -> text.append("\\f");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < ' ' || c == DELETE) {
                        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
                        text.append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    /**
     * The tree of a text that is paid for; null when it is not JSON, or nested beyond the limit.
     */
    static @Nullable JsonNode parse(String text, int maxDepth) {
        try (JsonParser tokens = FACTORY.createParser(text)) {
            JsonToken first = tokens.nextToken();
            JsonNode value = first == null ? null : new JsonText(tokens, maxDepth).value(first, 0);
            return tokens.nextToken() == null ? value : null;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** The value that begins with a token; null when there is something wrong within. */
    private @Nullable JsonNode value(JsonToken token, int depth) throws IOException {
        return switch (token) {
            case START_OBJECT -> depth < maxDepth ? object(depth + 1) : null;
            case START_ARRAY -> depth < maxDepth ? array(depth + 1) : null;
            case VALUE_STRING -> Json.text(tokens.getText());
            case VALUE_NUMBER_INT ->
                    tokens.getTextLength() > MAX_NUMBER_CHARS
                            ? null
                            : Numbers.of(tokens.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> real();
            case VALUE_TRUE -> Json.of(true);
            case VALUE_FALSE -> Json.of(false);
            case VALUE_NULL -> Json.NULL;
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("no value begins with " + token);
        };
    }

    private @Nullable JsonNode object(int depth) throws IOException {
        ObjectNode object = Json.NODES.objectNode();
        while (tokens.nextToken() == JsonToken.FIELD_NAME) {
            String name = tokens.currentName();
            JsonNode value = value(tokens.nextToken(), depth);
            if (value == null) {
                return null;
            }
            object.set(name, value);
        }
        return object;
    }

    private @Nullable JsonNode array(int depth) throws IOException {
        ArrayNode array = Json.NODES.arrayNode();
        for (JsonToken token = tokens.nextToken();
                token != JsonToken.END_ARRAY;
                token = tokens.nextToken()) {
            JsonNode value = value(token, depth);
            if (value == null) {
                return null;
            }
            array.add(value);
        }
        return array;
    }

    /** A double, since programs calculate with these; beyond them it is carried, as from data. */
    private @Nullable JsonNode real() throws IOException {
        if (tokens.getTextLength() > MAX_NUMBER_CHARS) {
            return null;
        }
        return real(tokens.getText());
    }

    /** Null when it is beyond whatever an event may have. */
    static @Nullable JsonNode real(String number) {
        double value = Double.parseDouble(number);
        if (!Double.isInfinite(value)) {
            return Numbers.of(value);
        }
        BigDecimal large = large(number);
        return large == null ? null : Json.NODES.numberNode(large);
    }

    private static @Nullable BigDecimal large(String number) {
        try {
            BigDecimal large = new BigDecimal(number);
            return large.scale() < -MAX_SCALE ? null : large;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
