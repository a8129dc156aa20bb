package dev.stele.json;

import java.util.List;

/** What reading a document came to. */
public sealed interface Parsed<T> {

    /** The document says this. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** The document is wrong at these places, and perhaps at more ({@link Flaws}); never empty. */
    record Invalid<T>(List<Flaw> flaws) implements Parsed<T> {}

    /** The document exceeds a limit of this name. */
    record TooLarge<T>(String limit, long actual, long max) implements Parsed<T> {}

    /**
     * Something wrong.
     *
     * @param pointer where, as a JSON Pointer (RFC 6901); empty = the whole document
     * @param detail what, as a sentence that says what to do
     */
    record Flaw(String pointer, String detail) {}
}
