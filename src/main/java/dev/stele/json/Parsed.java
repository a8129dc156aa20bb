package dev.stele.json;

import java.util.List;

/** What reading a document came to. */
public sealed interface Parsed<T> {

    /** The document says this. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** The document is wrong at these places, and perhaps at more ({@link Flaws}); never empty. */
    record Invalid<T>(List<Flaw> flaws) implements Parsed<T> {}

    /**
     * The document exceeds a limit of this name.
     *
     * @param line as of a {@link Flaw}
     */
    record TooLarge<T>(long line, String limit, long actual, long max) implements Parsed<T> {

        /** In a body that is one document. */
        public TooLarge(String limit, long actual, long max) {
            this(0, limit, actual, max);
        }
    }

    /**
     * Something wrong.
     *
     * @param line of the body, from 1, where each line is a document of its own; else 0
     * @param pointer where, as a JSON Pointer (RFC 6901); empty = the whole document
     * @param detail what, as a sentence that says what to do
     */
    record Flaw(long line, String pointer, String detail) {

        /** In a body that is one document. */
        public Flaw(String pointer, String detail) {
            this(0, pointer, detail);
        }
    }
}
