package dev.stele.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.json.DefinitionMembers;
import dev.stele.json.Flaws;
import dev.stele.json.JsonDocument;
import dev.stele.json.Parsed;
import dev.stele.publish.PublicationDefinition.Start;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a definition, and notes everything that is wrong with it, not only the first thing. */
final class PublicationReader {

    private static final Set<String> MEMBERS =
            Set.of(
                    "description",
                    "source",
                    "topic",
                    "from",
                    "schema",
                    "key",
                    "type",
                    "value",
                    "lookup",
                    "messageSchema");

    /** What Kafka takes, but for the two names that are directories. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private static final Start BEGINNING = new Start.At(1);
    private static final long MAX_POSITION = (1L << 53) - 1;

    private final Flaws flaws = new Flaws();
    private final String reservedTopic;

    private PublicationReader(String reservedTopic) {
        this.reservedTopic = reservedTopic;
    }

    /**
     * Reads a definition.
     *
     * @param reservedTopic that no publication may write to
     */
    static Parsed<PublicationDefinition> read(byte[] body, int maxBytes, String reservedTopic) {
        return switch (JsonDocument.read(body, "definition-bytes", maxBytes)) {
            case Parsed.Valid(var document) -> new PublicationReader(reservedTopic).read(document);
            case Parsed.Invalid(var flaws) -> new Parsed.Invalid<>(flaws);
            case Parsed.TooLarge(_, var limit, var actual, var max) ->
                    new Parsed.TooLarge<>(limit, actual, max);
        };
    }

    private Parsed<PublicationDefinition> read(JsonDocument document) {
        JsonNode tree = document.tree();
        if (!tree.isObject()) {
            flaws.add("", "a publication's definition must be an object");
            return flaws.invalid();
        }
        DefinitionMembers members = new DefinitionMembers(tree, "a publication", flaws);
        members.refuseUnknown(MEMBERS);
        members.requireSchema();
        members.refuseUnsupported("lookup");
        members.refuseUnsupported("messageSchema");
        PublicationDefinition definition =
                new PublicationDefinition(
                        document,
                        members.text("description"),
                        members.source(),
                        topic(members.requiredText("topic")),
                        from(tree.get("from")),
                        members.text("key"),
                        members.text("type"),
                        members.text("value"));
        return flaws.isEmpty() ? new Parsed.Valid<>(definition) : flaws.invalid();
    }

    private String topic(String name) {
        if (!TOPIC.matcher(name).matches()) {
            flaws.add("/topic", "a topic's name must match [a-zA-Z0-9._-]{1,249}");
        } else if (name.equals(reservedTopic)) {
            flaws.add("/topic", "this topic is the service's own");
        }
        return name;
    }

    private Start from(@Nullable JsonNode from) {
        if (from == null || (from.isTextual() && from.textValue().equals("beginning"))) {
            return BEGINNING;
        }
        if (from.isTextual() && from.textValue().equals("end")) {
            return new Start.End();
        }
        if (from.canConvertToExactIntegral()
                && from.canConvertToLong()
                && from.longValue() >= 1
                && from.longValue() <= MAX_POSITION) {
            return new Start.At(from.longValue());
        }
        flaws.add("/from", "must be \"beginning\", \"end\", or a position");
        return BEGINNING;
    }
}
