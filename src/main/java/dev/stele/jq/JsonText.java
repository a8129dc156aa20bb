package dev.stele.jq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
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
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder()
                                    .maxNestingDepth(Integer.MAX_VALUE)
                                    .build())
                    .build();

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

    /** The text of a tree that is paid for; by hand, so that nothing is looked up by reflection. */
    static String of(JsonNode value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, JsonNode value) throws IOException {
        switch (value.getNodeType()) {
            case OBJECT -> {
                json.writeStartObject();
                for (var field : value.properties()) {
                    json.writeFieldName(field.getKey());
                    write(json, field.getValue());
                }
                json.writeEndObject();
            }
            case ARRAY -> {
                json.writeStartArray();
                for (JsonNode element : value) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case STRING -> json.writeString(value.textValue());
            case BOOLEAN -> json.writeBoolean(value.booleanValue());
            case NUMBER -> json.writeNumber(value.asText());
            case NULL, MISSING, BINARY, POJO -> json.writeNull();
        }
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
        double value = tokens.getDoubleValue();
        if (!Double.isInfinite(value)) {
            return Json.NODES.numberNode(value);
        }
        BigDecimal large = large(tokens.getText());
        return large == null ? null : Json.NODES.numberNode(large);
    }

    /** Null when it is beyond whatever an event may have. */
    private static @Nullable BigDecimal large(String number) {
        try {
            BigDecimal large = new BigDecimal(number);
            return large.scale() < -MAX_SCALE ? null : large;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
