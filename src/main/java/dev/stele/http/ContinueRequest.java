package dev.stele.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import java.util.Optional;

/**
 * Where a publication is to go on after a restore.
 *
 * @param from the position behind which it goes on; empty = the fork
 */
record ContinueRequest(Optional<GlobalPosition> from) {

    private static final String FROM = "from";
    private static final String FORK = "fork";

    static Parsed<ContinueRequest> read(byte[] body, HttpConfig config) {
        return switch (JsonDocument.read(body, "continue-bytes", config.continueBytes())) {
            case Parsed.Valid<JsonDocument>(var document) -> read(document.tree());
            case Parsed.Invalid<JsonDocument>(var flaws) -> new Parsed.Invalid<>(flaws);
            case Parsed.TooLarge<JsonDocument>(_, var limit, var actual, var max) ->
                    new Parsed.TooLarge<>(limit, actual, max);
        };
    }

    private static Parsed<ContinueRequest> read(JsonNode tree) {
        Flaws flaws = new Flaws();
        if (!tree.isObject()) {
            flaws.add("", "must be an object with from");
            return flaws.invalid();
        }
        tree.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!name.equals(FROM)) {
                                flaws.add(
                                        JsonDocument.pointer("", name),
                                        "there is no such member; there is from");
                            }
                        });
        JsonNode from = tree.path(FROM);
        boolean fork = FORK.equals(from.textValue());
        boolean position =
                from.isIntegralNumber()
                        && from.canConvertToLong()
                        && from.longValue() >= 0
                        && from.longValue() <= WholeNumber.MAX;
        if (!fork && !position) {
            flaws.add("/from", "must be \"fork\" or a position");
        }
        return flaws.isEmpty()
                ? new Parsed.Valid<>(
                        new ContinueRequest(
                                fork
                                        ? Optional.empty()
                                        : Optional.of(new GlobalPosition(from.longValue()))))
                : flaws.invalid();
    }
}
