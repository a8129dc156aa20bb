package dev.stele.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of one new event, as they are met. What is wrong is noted, and reading goes on. */
final class NewEventFields {

    /** Stands for a type that is missing or wrong, until the flaws are reported. */
    static final EventType UNREADABLE = new EventType("unreadable");

    private final StrictParser parser;
    private final String pointer;
    private final EventLimits limits;
    private final Flaws flaws;
    private final Set<Tag> tags = new TreeSet<>();

    private @Nullable EventId id;
    private @Nullable EventType type;
    private @Nullable Integer schemaVersion;
    private @Nullable Instant occurredAt;
    private @Nullable Payload data;
    private @Nullable Payload metadata;
    private References references = References.NONE;

    NewEventFields(StrictParser parser, String pointer, EventLimits limits, Flaws flaws) {
        this.parser = parser;
        this.pointer = pointer;
        this.limits = limits;
        this.flaws = flaws;
    }

    @Nullable EventId id() {
        return id;
    }

    NewEvent toEvent(EventId id) {
        return new NewEvent(
                id,
                type == null ? UNREADABLE : type,
                schemaVersion,
                occurredAt,
                data,
                null,
                metadata,
                references,
                List.copyOf(tags));
    }

    /** Reads the current value, which should be an object, to its end. */
    void read() {
        if (parser.current() != JsonToken.START_OBJECT) {
            flaw("", "an event must be an object");
            parser.skipValue();
            return;
        }
        int start = parser.tokenStart();
        Set<String> seen = Members.read(parser, pointer, flaws, this::readMember);
        if (!seen.contains("type")) {
            flaw("/type", "an event must have a type");
        }
        LimitExceeded.requireAtMost("event-bytes", parser.tokenEnd() - start, limits.eventBytes());
    }

    private void readMember(String name) {
        switch (name) {
            case "id" -> id = string(name, EventId::parse);
            case "type" -> type = string(name, NewEventFields::senderType);
            case "schemaVersion" -> schemaVersion = schemaVersion();
            case "occurredAt" -> occurredAt = string(name, Times::parse);
            case "data" -> data = parser.captureValue();
            case "metadata" -> readMetadata();
            case "tags" -> readTags();
            default -> {
                flaw(JsonDocument.pointer("", name), "an event has no member of this name");
                parser.skipValue();
            }
        }
    }

    /** A type that a sender may use. */
    static EventType senderType(String text) {
        EventType type = EventType.named(text);
        if (type.isReserved()) {
            throw new IllegalArgumentException("types that begin with $ are the server's");
        }
        return type;
    }

    private @Nullable Integer schemaVersion() {
        if (parser.current() == JsonToken.VALUE_NUMBER_INT) {
            try {
                int version = Integer.parseInt(parser.text());
                if (version >= 1) {
                    return version;
                }
            } catch (NumberFormatException _) {
                // Too large: said below, as for any other value that is not a version.
            }
        }
        flaw("/schemaVersion", "must be a whole number from 1 to 2147483647");
        parser.skipValue();
        return null;
    }

    private void readTags() {
        if (parser.current() != JsonToken.START_ARRAY) {
            flaw("/tags", "must be an array of strings");
            parser.skipValue();
            return;
        }
        int count = 0;
        while (parser.next() != JsonToken.END_ARRAY) {
            Tag tag = string("tags/" + count, Tag::new);
            if (tag != null) {
                tags.add(tag);
            }
            count++;
        }
        LimitExceeded.requireAtMost("event-tags", count, limits.eventTags());
    }

    private void readMetadata() {
        if (parser.current() != JsonToken.START_OBJECT) {
            flaw("/metadata", "must be an object");
            parser.skipValue();
            return;
        }
        int start = parser.tokenStart();
        Set<String> seen =
                Members.read(parser, pointer + "/metadata", flaws, this::readMetadataMember);
        LimitExceeded.requireAtMost(
                "metadata-bytes", parser.tokenEnd() - start, limits.metadataBytes());
        metadata = seen.isEmpty() ? null : parser.captured(start);
    }

    private void readMetadataMember(String name) {
        if (name.startsWith("$")) {
            flaw(
                    JsonDocument.pointer("/metadata", name),
                    "metadata that begins with $ is the server's");
        }
        readReference(name);
    }

    /** Promotes the members that the log knows; every other one is opaque. */
    private void readReference(String name) {
        switch (name) {
            case "correlationId" ->
                    references =
                            new References(
                                    string("metadata/" + name, NewEventFields::reference),
                                    references.causationId(),
                                    references.actor());
            case "causationId" ->
                    references =
                            new References(
                                    references.correlationId(),
                                    string("metadata/" + name, EventId::parse),
                                    references.actor());
            case "actor" ->
                    references =
                            new References(
                                    references.correlationId(),
                                    references.causationId(),
                                    string("metadata/" + name, NewEventFields::reference));
            default -> parser.skipMember();
        }
    }

    private static String reference(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }

    /**
     * The current value, which should be a string, as what it stands for; null when it is wrong.
     */
    private <T> @Nullable T string(String name, Function<String, T> meaning) {
        if (parser.current() != JsonToken.VALUE_STRING) {
            flaw("/" + name, "must be a string");
            parser.skipValue();
            return null;
        }
        try {
            return meaning.apply(parser.text());
        } catch (IllegalArgumentException e) {
            flaw("/" + name, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void flaw(String place, String detail) {
        flaws.add(pointer + place, detail);
    }
}
