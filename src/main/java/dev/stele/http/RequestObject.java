package dev.stele.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.GlobalPosition;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The body of a request of an operator: one small JSON object with a few members. */
final class RequestObject {

    private RequestObject() {}

    /**
     * Reads a body.
     *
     * @param limit the name of the limit of its bytes
     * @param members all that it may have
     * @param content what the object comes to, and what else is wrong with it
     */
    static <T> Parsed<T> read(
            byte[] body,
            String limit,
            int maxBytes,
            List<String> members,
            BiFunction<JsonNode, Flaws, Parsed<T>> content) {
        return switch (JsonDocument.read(body, limit, maxBytes)) {
            case Parsed.Valid<JsonDocument>(var document) ->
                    read(document.tree(), members, content);
            case Parsed.Invalid<JsonDocument>(var flaws) -> new Parsed.Invalid<>(flaws);
            case Parsed.TooLarge<JsonDocument>(_, var name, var actual, var max) ->
                    new Parsed.TooLarge<>(name, actual, max);
        };
    }

    private static <T> Parsed<T> read(
            JsonNode tree, List<String> members, BiFunction<JsonNode, Flaws, Parsed<T>> content) {
        Flaws flaws = new Flaws();
        String all = String.join(" and ", members);
        if (!tree.isObject()) {
            flaws.add("", "must be an object with " + all);
            return flaws.invalid();
        }
        String there = members.size() == 1 ? "there is " : "there are ";
        tree.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!members.contains(name)) {
                                flaws.add(
                                        JsonDocument.pointer("", name),
                                        "there is no such member; " + there + all);
                            }
                        });
        return content.apply(tree, flaws);
    }

    /** The position that a member says; null when it is none, or less than {@code least}. */
    static @Nullable GlobalPosition position(JsonNode member, long least) {
        boolean valid =
                member.isIntegralNumber()
                        && member.canConvertToLong()
                        && member.longValue() >= least
                        && member.longValue() <= WholeNumber.MAX;
        return valid ? new GlobalPosition(member.longValue()) : null;
    }
}
