package dev.stele.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.definition.DefinitionMembers;
import dev.stele.json.Parsed;
import dev.stele.publish.PublicationDefinition.Start;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the definition of a publication. */
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

    private final DefinitionMembers members;
    private final String reservedTopic;

    private PublicationReader(DefinitionMembers members, String reservedTopic) {
        this.members = members;
        this.reservedTopic = reservedTopic;
    }

    /**
     * Reads a definition.
     *
     * @param reservedTopic that no publication may write to
     */
    static Parsed<PublicationDefinition> read(byte[] text, int maxBytes, String reservedTopic) {
        return DefinitionMembers.read(
                text,
                maxBytes,
                "a publication",
                MEMBERS,
                members -> new PublicationReader(members, reservedTopic).read());
    }

    private PublicationDefinition read() {
        members.requireSchema();
        members.refuseUnsupported("lookup");
        members.refuseUnsupported("messageSchema");
        return new PublicationDefinition(
                members.document(),
                members.text("description"),
                members.source(),
                topic(members.requiredText("topic")),
                from(members.get("from")),
                members.text("key"),
                members.text("type"),
                members.text("value"));
    }

    private String topic(String name) {
        if (!TOPIC.matcher(name).matches()) {
            members.flaw("/topic", "a topic's name must match [a-zA-Z0-9._-]{1,249}");
        } else if (name.equals(reservedTopic)) {
            members.flaw("/topic", "this topic is the service's own");
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
        members.flaw("/from", "must be \"beginning\", \"end\", or a position");
        return BEGINNING;
    }
}
