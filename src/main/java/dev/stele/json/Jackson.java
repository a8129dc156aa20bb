package dev.stele.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The one place that makes parsers, generators and trees of JSON.
 *
 * <p>What may come in is decided once, by {@link StrictParser} and {@link EventLimits}. So
 * Jackson's own limits are all off: each would be a second one, smaller than ours, that nobody
 * meets before something reads what was accepted long ago.
 */
public final class Jackson {

    /** Longest name of a member that may be remembered for later documents, in characters. */
    static final int MAX_REMEMBERED_NAME = 255;

    /** What was accepted, or written here, is read; numbers keep their digits. */
    private static final ObjectMapper TREES =
            new ObjectMapper(
                            unlimited()
                                    // Names that senders invent must not outlive the tree.
                                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** Its parsers tell places in bytes, and for that share a table of the names that they met. */
    private static volatile JsonFactory sharingNames = unlimited().build();

    private Jackson() {}

    private static JsonFactoryBuilder unlimited() {
        return new JsonFactoryBuilder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
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
                                .build());
    }

    /** A parser of UTF-8 that is checked by whoever reads it. */
    static JsonParser parser(byte[] document) throws IOException {
        return sharingNames.createParser(document);
    }

    /**
     * To be called when such a parser has met a name that is longer than what may be remembered.
     * The table would keep some thousand names for ever, of whatever length: with a long one in it,
     * it goes as a whole.
     */
    static void forgetNames() {
        sharingNames = unlimited().build();
    }

    static JsonGenerator generator(OutputStream out) throws IOException {
        return sharingNames.createGenerator(out);
    }

    /** The tree of a text that was accepted, or that the service wrote. */
    public static JsonNode tree(String text) {
        try {
            return TREES.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("what was accepted is not JSON", e);
        }
    }

    /** The same of the text's UTF-8. */
    public static JsonNode tree(byte[] text) {
        return tree(new String(text, StandardCharsets.UTF_8));
    }
}
