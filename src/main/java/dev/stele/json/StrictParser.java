package dev.stele.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.stele.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Walks one JSON document token by token, and refuses what RFC 8259 and RFC 7493 do not allow, what
 * PostgreSQL could not hold, and what would cost too much to read.
 */
public final class StrictParser {

    /** Deepest nesting of a value, itself counted. */
    public static final int MAX_NESTING = 256;

    /** Longest number, in characters. */
    public static final int MAX_NUMBER_CHARS = 1_000;

    /** Largest exponent of a number, either way. */
    public static final int MAX_EXPONENT = 1_000;

    private static final int PIECE_CHARS = 8 * 1024;

    /** Room for the envelope's own levels around a value of the deepest nesting. */
    private static final int MAX_DOCUMENT_NESTING = MAX_NESTING + 8;

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DOCUMENT_NESTING)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private final byte[] document;
    private final JsonParser tokens;
    private final long linesBefore;

    /** Thrown when the document is not strict JSON; nothing after that place was read. */
    static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotJson(String message) {
            super(message, null, false, false);
        }

        /** The flaw for the sender. */
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    StrictParser(byte[] document) {
        this(document, 0);
    }

    /**
     * A parser of a document that is part of a body.
     *
     * @param linesBefore how many lines of the body come before it: places are told in the body
     */
    StrictParser(byte[] document, long linesBefore) {
        this.document = document;
        this.linesBefore = linesBefore;
        requireUtf8(document);
        try {
            this.tokens = FACTORY.createParser(document);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Moves to the next token, which must be there. */
    JsonToken next() {
        JsonToken token = advance();
        if (token == null) {
            throw new NotJson("the document ends too early");
        }
        return token;
    }

    /** Requires that nothing follows. */
    void requireEnd() {
        if (advance() != null) {
            throw new NotJson("there is more than one value, at " + place());
        }
    }

    JsonToken current() {
        return tokens.currentToken();
    }

    /** The current string or member name. */
    String text() {
        try {
            return tokens.getText();
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    /** Where the current token begins, in bytes from the start of the document. */
    int tokenStart() {
        return (int) tokens.currentTokenLocation().getByteOffset();
    }

    /** Where the current token ends (exclusive), in bytes from the start of the document. */
    int tokenEnd() {
        return (int) tokens.currentLocation().getByteOffset();
    }

    /** Reads the current value to its end; the current token is then its last. */
    void skipValue() {
        int depth = 0;
        while (true) {
            JsonToken token = current();
            if (token.isStructStart() && ++depth > MAX_NESTING) {
                throw new NotJson(
                        "values are nested deeper than %d, at %s".formatted(MAX_NESTING, place()));
            }
            if (token.isStructEnd()) {
                depth--;
            }
            if (depth == 0) {
                return;
            }
            next();
        }
    }

    /** The text of the current value, without insignificant white space. */
    Payload captureValue() {
        int start = tokenStart();
        skipValue();
        return captured(start);
    }

    /** The text from {@code start} to the end of the current token. */
    Payload captured(int start) {
        return Payload.of(Minifier.minify(document, start, tokenEnd()));
    }

    private JsonToken advance() {
        try {
            JsonToken token = tokens.nextToken();
            if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
                requireText();
            } else if (token != null && token.isNumeric()) {
                requireSmallNumber(tokens.getText());
            }
            return token;
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    private void requireText() throws IOException {
        char[] chars = tokens.getTextCharacters();
        int end = tokens.getTextOffset() + tokens.getTextLength();
        for (int i = tokens.getTextOffset(); i < end; i++) {
            char c = chars[i];
            if (c == 0) {
                throw new NotJson("strings must not contain U+0000, at " + place());
            }
            if (Character.isSurrogate(c)) {
                boolean paired =
                        Character.isHighSurrogate(c)
                                && i + 1 < end
                                && Character.isLowSurrogate(chars[i + 1]);
                if (!paired) {
                    throw new NotJson(
                            "strings must not contain unpaired surrogates, at " + place());
                }
                i++;
            }
        }
    }

    private void requireSmallNumber(String number) {
        if (number.length() > MAX_NUMBER_CHARS) {
            throw new NotJson(
                    "numbers must have at most %d characters, at %s"
                            .formatted(MAX_NUMBER_CHARS, place()));
        }
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (e >= 0 && exponent(number.substring(e + 1)) > MAX_EXPONENT) {
            throw new NotJson(
                    "exponents must be within ±%d, at %s".formatted(MAX_EXPONENT, place()));
        }
    }

    /** The size of an exponent, or one that is too large when it does not fit. */
    private static int exponent(String digits) {
        try {
            return Math.abs(Integer.parseInt(digits));
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    private String place() {
        return place(tokens.currentTokenLocation());
    }

    private String place(JsonLocation location) {
        return "line %d, column %d"
                .formatted(linesBefore + location.getLineNr(), location.getColumnNr());
    }

    private NotJson notJson(IOException e) {
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            return new NotJson(
                    "the document is not JSON: %s, at %s"
                            .formatted(
                                    firstSentence(json.getOriginalMessage()),
                                    place(json.getLocation())));
        }
        return new NotJson("the document is not JSON");
    }

    private static String firstSentence(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static void requireUtf8(byte[] document) {
        if (!isUtf8(document)) {
            throw new NotJson("the document is not UTF-8");
        }
        for (byte b : document) {
            // It would also make the tokenizer guess UTF-16 or UTF-32.
            if (b == 0) {
                throw new NotJson("the document contains a NUL byte");
            }
        }
        if (document.length >= 3
                && document[0] == (byte) 0xEF
                && document[1] == (byte) 0xBB
                && document[2] == (byte) 0xBF) {
            throw new NotJson("the document begins with a byte order mark");
        }
    }

    /** Decodes piece by piece: nobody needs the whole text, which would be twice the document. */
    private static boolean isUtf8(byte[] document) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer piece = CharBuffer.allocate(Math.min(document.length, PIECE_CHARS));
        ByteBuffer bytes = ByteBuffer.wrap(document);
        CoderResult result;
        do {
            result = decoder.decode(bytes, piece.clear(), true);
        } while (result.isOverflow());
        return !result.isError();
    }
}
