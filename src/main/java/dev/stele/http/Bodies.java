package dev.stele.http;

import dev.stele.json.Parsed;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.function.Supplier;

/** Bodies that were read: what they say, or the problem with them. */
final class Bodies {

    private Bodies() {}

    /** Reads a body: where it is large, not on the event loop, which it would hold up. */
    static <T> Uni<T> read(byte[] body, HttpConfig config, Supplier<T> reader) {
        return read(body.length, config, reader);
    }

    /** The same of a part of a body, which has so many bytes. */
    static <T> Uni<T> read(int length, HttpConfig config, Supplier<T> reader) {
        Uni<T> reading = Uni.createFrom().item(reader);
        return length > config.eventLoopBytes()
                ? reading.runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                : reading;
    }

    /** What a valid body says; any other is 400 or 413. */
    static <T> T valid(Parsed<T> body) {
        return switch (body) {
            case Parsed.Valid<T>(var value) -> value;
            case Parsed.Invalid<T>(var flaws) ->
                    throw Problem.flawed(ProblemType.INVALID_REQUEST, flaws).asException();
            case Parsed.TooLarge<T>(var line, var limit, var actual, var max) ->
                    throw Problem.tooLarge(line, limit, actual, max).asException();
        };
    }
}
