package dev.stele.json;

import dev.stele.json.StrictParser.NotJson;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The body of an append, bounded. */
final class AppendDocument {

    private AppendDocument() {}

    /**
     * Reads a body that is strict JSON, one value.
     *
     * @param content reads the value, which is the current one, and notes what is wrong
     */
    static <T> Parsed<T> read(
            byte[] body, EventLimits limits, BiFunction<StrictParser, Flaws, T> content) {
        return readBytes(
                body, limits, flaws -> value(body, parser -> content.apply(parser, flaws)));
    }

    /**
     * Reads a body of any kind.
     *
     * @param content reads it, and notes what is wrong
     */
    static <T> Parsed<T> readBytes(byte[] body, EventLimits limits, Function<Flaws, T> content) {
        if (body.length > limits.appendBytes()) {
            return new Parsed.TooLarge<>("append-bytes", body.length, limits.appendBytes());
        }
        return read(content);
    }

    /** Reads what is bounded already. */
    static <T> Parsed<T> read(Function<Flaws, T> content) {
        Flaws flaws = new Flaws();
        try {
            T value = content.apply(flaws);
            return flaws.isEmpty() ? new Parsed.Valid<>(value) : flaws.invalid();
        } catch (NotJson e) {
            flaws.add(e.pointer(), e.getMessage());
            return flaws.invalid();
        } catch (LimitExceeded e) {
            return new Parsed.TooLarge<>(flaws.line(), e.limit(), e.actual(), e.max());
        }
    }

    /** The one value of a JSON text. */
    static <T> T value(byte[] json, Function<StrictParser, T> content) {
        return value(new StrictParser(json), content);
    }

    /** The one value that a parser is at the beginning of. */
    static <T> T value(StrictParser parser, Function<StrictParser, T> content) {
        parser.next();
        T value = content.apply(parser);
        parser.requireEnd();
        return value;
    }
}
