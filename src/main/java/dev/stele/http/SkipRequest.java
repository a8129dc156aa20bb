package dev.stele.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import java.util.Set;

/**
 * What somebody who leaves a parked event out must say.
 *
 * @param position of the event
 * @param reason why, for ever
 */
record SkipRequest(GlobalPosition position, String reason) {

    private static final Set<String> MEMBERS = Set.of("position", "reason");

    static Parsed<SkipRequest> read(byte[] body, HttpConfig config) {
        return switch (JsonDocument.read(body, "skip-bytes", config.skipBytes())) {
            case Parsed.Valid<JsonDocument>(var document) ->
                    read(document.tree(), config.skipReasonChars());
            case Parsed.Invalid<JsonDocument>(var flaws) -> new Parsed.Invalid<>(flaws);
            case Parsed.TooLarge<JsonDocument>(_, var limit, var actual, var max) ->
                    new Parsed.TooLarge<>(limit, actual, max);
        };
    }

    private static Parsed<SkipRequest> read(JsonNode tree, int maxChars) {
        Flaws flaws = new Flaws();
        if (!tree.isObject()) {
            flaws.add("", "must be an object with position and reason");
            return flaws.invalid();
        }
        tree.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!MEMBERS.contains(name)) {
                                flaws.add(
                                        JsonDocument.pointer("", name),
                                        "there is no such member; there are position and reason");
                            }
                        });
        JsonNode position = tree.path("position");
        if (!position.isIntegralNumber()
                || !position.canConvertToLong()
                || position.longValue() < 1
                || position.longValue() > WholeNumber.MAX) {
            flaws.add("/position", "must be the position of the parked event");
        }
        String reason = tree.path("reason").textValue();
        if (reason == null || reason.isBlank()) {
            flaws.add("/reason", "must say why, in a string that is not empty");
        } else if (reason.length() > maxChars) {
            return new Parsed.TooLarge<>("skip-reason-chars", reason.length(), maxChars);
        }
        return flaws.isEmpty() && reason != null
                ? new Parsed.Valid<>(
                        new SkipRequest(new GlobalPosition(position.longValue()), reason))
                : flaws.invalid();
    }
}
