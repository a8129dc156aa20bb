package dev.stele.definition;

import dev.stele.json.Parsed.Flaw;
import java.util.List;

/** What putting the definition of a view or a publication came to. */
public sealed interface PutResult {

    /** There was nothing of this name; this is its version, and live. */
    record Created(int version) implements PutResult {}

    /** The newest definition says the same; this is its version. */
    record Same(int version) implements PutResult {}

    /** This version takes the name; that of a view when it is built. */
    record Changed(int version) implements PutResult {}

    /** The definition is wrong at these places; nothing changed. */
    record Invalid(List<Flaw> flaws) implements PutResult {}

    /** The definition exceeds a limit of this name; nothing changed. */
    record TooLarge(String limit, long actual, long max) implements PutResult {}

    /** These programs do not compile; nothing changed. */
    record Uncompilable(List<Flaw> flaws) implements PutResult {}
}
