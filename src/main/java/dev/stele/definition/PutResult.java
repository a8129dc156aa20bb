package dev.stele.definition;

import dev.stele.json.Parsed.Flaw;
import java.util.List;
import java.util.stream.Collectors;

/** What putting a definition came to. */
public sealed interface PutResult {

    /** There was nothing of this name; this is its version, and live. */
    record Created(int version) implements PutResult {}

    /** The newest definition says the same; this is its version. */
    record Same(int version) implements PutResult {}

    /** This version takes the name; that of a view when it is built. */
    record Changed(int version) implements PutResult {}

    /** The definition cannot be used; nothing changed. */
    sealed interface Refusal extends PutResult {

        /** Why, in one line for people. */
        default String inOneLine() {
            return switch (this) {
                case Invalid(var flaws) -> inOneLine(flaws);
                case TooLarge(var limit, long actual, long max) ->
                        "%s: %d is more than %d".formatted(limit, actual, max);
                case Uncompilable(var flaws) -> inOneLine(flaws);
            };
        }

        private static String inOneLine(List<Flaw> flaws) {
            return flaws.stream()
                    .map(flaw -> flaw.pointer() + " " + flaw.detail())
                    .map(String::strip)
                    .collect(Collectors.joining("; "));
        }
    }

    /** It is wrong at these places. */
    record Invalid(List<Flaw> flaws) implements Refusal {}

    /** It exceeds a limit of this name. */
    record TooLarge(String limit, long actual, long max) implements Refusal {}

    /** These programs do not compile. */
    record Uncompilable(List<Flaw> flaws) implements Refusal {}
}
