package dev.stele.view;

import dev.stele.json.Parsed.Flaw;
import java.util.List;

/** What putting a definition came to. */
public sealed interface PutResult {

    /** There was no view of this name; this is its first version, and live. */
    record Created(int viewVersion) implements PutResult {}

    /** The view's newest definition says the same; this is its version. */
    record Same(int viewVersion) implements PutResult {}

    /** This version is built beside the live one, and then takes the name. */
    record Changed(int viewVersion) implements PutResult {}

    /** The definition is wrong at these places; nothing changed. */
    record Invalid(List<Flaw> flaws) implements PutResult {}

    /** The definition exceeds a limit of this name; nothing changed. */
    record TooLarge(String limit, long actual, long max) implements PutResult {}

    /** These programs do not compile; nothing changed. */
    record Uncompilable(List<Flaw> flaws) implements PutResult {}
}
