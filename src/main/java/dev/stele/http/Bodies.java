package dev.stele.http;

import dev.stele.json.Parsed;

/** Bodies that were read: what they say, or the problem with them. */
final class Bodies {

    private Bodies() {}

    /** What a valid body says; any other is 400 or 413. */
    static <T> T valid(Parsed<T> body) {
        return switch (body) {
            case Parsed.Valid<T>(var value) -> value;
            case Parsed.Invalid<T>(var flaws) ->
                    throw Problem.flawed(ProblemType.INVALID_REQUEST, flaws).asException();
            case Parsed.TooLarge<T>(var limit, var actual, var max) ->
                    throw Problem.tooLarge(limit, actual, max).asException();
        };
    }
}
