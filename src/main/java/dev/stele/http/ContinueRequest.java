package dev.stele.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.Flaws;
import dev.stele.json.Parsed;
import java.util.List;
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
        return RequestObject.read(
                body,
                "continue-bytes",
                config.continueBytes(),
                List.of(FROM),
                ContinueRequest::read);
    }

    private static Parsed<ContinueRequest> read(JsonNode tree, Flaws flaws) {
        JsonNode from = tree.path(FROM);
        Optional<GlobalPosition> position = Optional.ofNullable(RequestObject.position(from, 0));
        if (position.isEmpty() && !FORK.equals(from.textValue())) {
            flaws.add("/from", "must be \"fork\" or a position");
        }
        return flaws.isEmpty()
                ? new Parsed.Valid<>(new ContinueRequest(position))
                : flaws.invalid();
    }
}
