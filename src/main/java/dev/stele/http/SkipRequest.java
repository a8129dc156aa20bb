package dev.stele.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.Flaws;
import dev.stele.json.Parsed;
import java.util.List;

/**
 * What somebody who leaves a parked event out must say.
 *
 * @param position of the event
 * @param reason why, for ever
 */
record SkipRequest(GlobalPosition position, String reason) {

    static Parsed<SkipRequest> read(byte[] body, HttpConfig config) {
        return RequestObject.read(
                body,
                "skip-bytes",
                config.skipBytes(),
                List.of("position", "reason"),
                (tree, flaws) -> read(tree, flaws, config.skipReasonChars()));
    }

    private static Parsed<SkipRequest> read(JsonNode tree, Flaws flaws, int maxChars) {
        GlobalPosition position = RequestObject.position(tree.path("position"), 1);
        if (position == null) {
            flaws.add("/position", "must be the position of the parked event");
        }
        String reason = tree.path("reason").textValue();
        if (reason == null || reason.isBlank()) {
            flaws.add("/reason", "must say why, in a string that is not empty");
        } else if (reason.length() > maxChars) {
            return new Parsed.TooLarge<>("skip-reason-chars", reason.length(), maxChars);
        }
        return flaws.isEmpty() && position != null && reason != null
                ? new Parsed.Valid<>(new SkipRequest(position, reason))
                : flaws.invalid();
    }
}
