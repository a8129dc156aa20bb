package dev.stele.json;

import dev.stele.json.Parsed.Flaw;
import dev.stele.json.StrictParser.NotJson;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The body of an append: bounded, strict JSON, one value. */
final class AppendDocument {

    private AppendDocument() {}

    /**
     * Reads a body.
     *
     * @param content reads the one value, which is the current one, and notes what is wrong
     */
    static <T> Parsed<T> read(
            byte[] body, EventLimits limits, BiFunction<StrictParser, List<Flaw>, T> content) {
        if (body.length > limits.appendBytes()) {
            return new Parsed.TooLarge<>("append-bytes", body.length, limits.appendBytes());
        }
        List<Flaw> flaws = new ArrayList<>();
        try {
            StrictParser parser = new StrictParser(body);
            parser.next();
            T value = content.apply(parser, flaws);
            parser.requireEnd();
            return flaws.isEmpty() ? new Parsed.Valid<>(value) : new Parsed.Invalid<>(flaws);
        } catch (NotJson e) {
            flaws.add(new Flaw("", e.getMessage()));
            return new Parsed.Invalid<>(flaws);
        } catch (LimitExceeded e) {
            return new Parsed.TooLarge<>(e.limit(), e.actual(), e.max());
        }
    }
}
