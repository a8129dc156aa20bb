package dev.stele.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import dev.stele.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;

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

    /** Room for the envelope's own levels around a value of the deepest nesting. */
    private static final int MAX_DOCUMENT_NESTING = MAX_NESTING + 8;

    private final byte[] document;
    private final JsonParser tokens;
    private final long linesBefore;
    private boolean namesForgotten;

    /** Thrown when the document is not strict JSON; nothing after that place was read. */
    static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String pointer;

        /** The document as a whole is none. */
        NotJson(String message) {
            this("", message);
        }

        /** It would be, but for what is at this place. */
        NotJson(String pointer, String message) {
            super(message, null, false, false);
            this.pointer = pointer;
        }

        /** To the flaw. */
        String pointer() {
            return pointer;
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
        Utf8.require(document);
        try {
            this.tokens = Jackson.parser(document);
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
        skip(0);
    }

    /** The same of a member's value, where the nesting of its object counts. */
    void skipMember() {
        skip(1);
    }

    private void skip(int around) {
        int depth = around;
        while (true) {
            JsonToken token = current();
            if (token.isStructStart() && ++depth > MAX_NESTING) {
                throw tooDeep();
            }
            if (token.isStructEnd()) {
                depth--;
            }
            if (depth == around) {
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
            } else if (token != null && token.isStructStart()) {
                requireShallow();
            }
            return token;
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    private void requireShallow() {
        if (tokens.getParsingContext().getNestingDepth() > MAX_DOCUMENT_NESTING) {
            throw tooDeep();
        }
    }

    /** A flaw of the value that begins here: it is nested too deeply. */
    NotJson tooDeep() {
        return flaw("values are nested deeper than %d".formatted(MAX_NESTING));
    }

    private void requireText() throws IOException {
        if (tokens.getTextLength() > Jackson.MAX_REMEMBERED_NAME
                && !namesForgotten
                && tokens.hasToken(JsonToken.FIELD_NAME)) {
            namesForgotten = true;
            Jackson.forgetNames();
        }
        char[] chars = tokens.getTextCharacters();
        int end = tokens.getTextOffset() + tokens.getTextLength();
        for (int i = tokens.getTextOffset(); i < end; i++) {
            char c = chars[i];
            if (c == 0) {
                throw flaw("strings must not contain U+0000");
            }
            if (Character.isSurrogate(c)) {
                boolean paired =
                        Character.isHighSurrogate(c)
                                && i + 1 < end
                                && Character.isLowSurrogate(chars[i + 1]);
                if (!paired) {
                    throw flaw("strings must not contain unpaired surrogates");
                }
                i++;
            }
        }
    }

    private void requireSmallNumber(String number) {
        if (number.length() > MAX_NUMBER_CHARS) {
            throw flaw("numbers must have at most %d characters".formatted(MAX_NUMBER_CHARS));
        }
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (e >= 0 && !isSmallExponent(number.substring(e + 1))) {
            throw flaw("exponents must be within ±%d".formatted(MAX_EXPONENT));
        }
    }

    private static boolean isSmallExponent(String digits) {
        try {
            int exponent = Integer.parseInt(digits);
            return exponent >= -MAX_EXPONENT && exponent <= MAX_EXPONENT;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A flaw of the current token. */
    private NotJson flaw(String what) {
        return new NotJson(pointer(), "%s, at %s".formatted(what, place()));
    }

    /** To the current value; of a name, to the object that it is in: it cannot be told itself. */
    private String pointer() {
        JsonStreamContext context = tokens.getParsingContext();
        if (tokens.hasToken(JsonToken.FIELD_NAME)) {
            context = context.getParent();
        }
        return context.pathAsPointer().toString();
    }

    private String place() {
        return place(tokens.currentTokenLocation());
    }

    private String place(JsonLocation location) {
        return "line %d, column %d"
                .formatted(linesBefore + location.getLineNr(), column(location.getByteOffset()));
    }

    /** Counted in characters, as whoever looks for the place in a text counts them. */
    private int column(long offset) {
        int column = 1;
        for (int i = (int) Math.min(offset, document.length) - 1; i >= 0; i--) {
            byte b = document[i];
            if (b == '\n' || b == '\r') {
                break;
            }
            // All but the first byte of a character begin with the bits 10.
            if ((b & 0xC0) != 0x80) {
                column++;
            }
        }
        return column;
    }

    private NotJson notJson(IOException e) {
        if (e instanceof JsonProcessingException json && json.getLocation() != null) {
            return new NotJson(
                    "the document is not JSON: %s, at %s"
                            .formatted(SyntaxErrors.found(json), place(json.getLocation())));
        }
        return new NotJson("the document is not JSON");
    }
}
