package dev.stele.json;

import dev.stele.event.ContentType;
import dev.stele.event.EventId;
import dev.stele.event.EventIds;
import dev.stele.event.EventType;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one CloudEvent, and the new event that they make.
 *
 * <ul>
 *   <li>{@code type} and {@code time} become the event's type and {@code occurredAt}. What {@code
 *       id} becomes: {@link EventIds#ofCloudEvent}.
 *   <li>{@code correlationid}, {@code causationid} and {@code schemaversion}, with which Stele
 *       gives its own events out, become what they are there, if they can be that: a text that is
 *       not empty, a UUID, a whole number from 1. Else they are extensions as any other.
 *   <li>Everything else is kept as it came, in the metadata under {@code $cloudevent}: {@code id},
 *       {@code source}, {@code subject}, {@code dataschema}, {@code datacontenttype} where it is
 *       not said beside the data, and all extensions. Of these, {@code partitionkey}, {@code
 *       position}, {@code streamversion} and {@code recordedat} say where the event was before: it
 *       is given out with those that it has here ({@link CloudEvents}). {@code tags} and {@code
 *       traceparent} mean nothing to the log: an event has no tags then, and the trace is that of
 *       the request.
 * </ul>
 *
 * <p>The metadata is in one order whatever the order of the attributes, so that a repeat is the
 * same to the letter. One whose extension attributes were written anew is recognised in the
 * database ({@code stele.cloud_event_identity}), which knows these names, too.
 */
final class NewCloudEvent {

    /** The member of the metadata; first in it, and only in that of CloudEvents. */
    static final String MEMBER = "$cloudevent";

    private static final String JSON = "application/json";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+");

    private static final String OF_URIS =
            "(?!.*%(?![0-9A-Fa-f]{2}))[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]";

    private static final Pattern URI_REFERENCE = Pattern.compile(OF_URIS + "+");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:" + OF_URIS + "*");

    private final EventLimits limits;
    private final BiConsumer<String, String> flaw;
    private final Map<String, Object> attributes = new TreeMap<>();

    /**
     * An event without attributes yet.
     *
     * @param flaw is told the name of each attribute that is wrong, and how
     */
    NewCloudEvent(EventLimits limits, BiConsumer<String, String> flaw) {
        this.limits = limits;
        this.flaw = flaw;
    }

    /** Sets an attribute: a string, an integer of 32 bits, or a boolean. */
    void set(String name, Object value) {
        if (!NAME.matcher(name).matches() || name.equals("data")) {
            flaw.accept(
                    name, "is no attribute: their names are of a to z and 0 to 9, and not data");
            return;
        }
        if (value instanceof String text && text.chars().anyMatch(Character::isISOControl)) {
            flaw.accept(name, "must not contain control characters");
        }
        attributes.put(name, value);
    }

    /** Whether the data is JSON, as it is when nobody says. */
    boolean isJson() {
        return ContentType.isJson(mediaType());
    }

    /**
     * The event; what is wrong with an attribute was told, or is now.
     *
     * @param binary whether the data is bytes, whatever its media type
     */
    NewEvent toEvent(@Nullable Payload data, boolean binary) {
        requirePresent("specversion", "id", "source", "type");
        check("specversion", NewCloudEvent::version);
        String id = check("id", NewCloudEvent::text);
        String source = check("source", text -> matching(URI_REFERENCE, "URI reference", text));
        EventType type = check("type", NewEventFields::senderType);
        Instant time = check("time", Times::parse);
        check("subject", NewCloudEvent::text);
        check("dataschema", text -> matching(URI, "URI", text));
        String mediaType = check("datacontenttype", ContentType::requireMediaType);
        if (mediaType == null) {
            mediaType = JSON;
        }
        boolean json = ContentType.isJson(mediaType) && !binary;
        if (data != null && (!json || mediaType.equals(JSON))) {
            // Said by the event's content type, or by its having none.
            attributes.remove("datacontenttype");
        }
        List.of("specversion", "type", "time").forEach(attributes::remove);
        Integer schemaVersion = promoted("schemaversion", NewCloudEvent::schemaVersion);
        References references =
                new References(
                        promoted("correlationid", NewCloudEvent::text),
                        promoted("causationid", value -> EventId.parse(string(value))),
                        null);
        // What is missing or wrong stands for nothing: the flaws are reported instead of the event.
        return new NewEvent(
                EventIds.ofCloudEvent(String.valueOf(source), String.valueOf(id)),
                type == null ? NewEventFields.UNREADABLE : type,
                schemaVersion,
                time,
                data,
                data == null || json ? null : new ContentType(mediaType, binary),
                metadata(references),
                references,
                List.of());
    }

    private Payload metadata(References references) {
        Payload metadata =
                Payload.of(
                        JsonWriter.write(
                                out -> {
                                    out.writeStartObject();
                                    out.writeObjectFieldStart(MEMBER);
                                    CloudEvents.writeMembers(out, attributes);
                                    out.writeEndObject();
                                    if (references.correlationId() != null) {
                                        out.writeStringField(
                                                "correlationId", references.correlationId());
                                    }
                                    if (references.causationId() != null) {
                                        out.writeStringField(
                                                "causationId", references.causationId().toString());
                                    }
                                    out.writeEndObject();
                                }));
        LimitExceeded.requireAtMost("metadata-bytes", metadata.length(), limits.metadataBytes());
        return metadata;
    }

    private String mediaType() {
        return attributes.get("datacontenttype") instanceof String text ? text : JSON;
    }

    private void requirePresent(String... names) {
        for (String name : names) {
            if (!attributes.containsKey(name)) {
                flaw.accept(name, "is required");
            }
        }
    }

    /** What an attribute stands for; null when it is absent, or wrong, which is told. */
    private <T> @Nullable T check(String name, Function<String, T> meaning) {
        Object value = attributes.get(name);
        if (value != null) {
            try {
                return meaning.apply(string(value));
            } catch (IllegalArgumentException e) {
                flaw.accept(name, String.valueOf(e.getMessage()));
            }
        }
        return null;
    }

    /** Takes an attribute out for what it stands for, if it does. */
    private <T> @Nullable T promoted(String name, Function<Object, T> meaning) {
        Object value = attributes.get(name);
        if (value != null) {
            try {
                T promoted = meaning.apply(value);
                attributes.remove(name);
                return promoted;
            } catch (IllegalArgumentException _) {
                // It stays what it is to CloudEvents: an extension.
            }
        }
        return null;
    }

    private static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("must be a string");
    }

    private static String text(Object value) {
        String text = string(value);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return text;
    }

    private static String version(String text) {
        if (!text.equals(CloudEvents.VERSION)) {
            throw new IllegalArgumentException("must be " + CloudEvents.VERSION);
        }
        return text;
    }

    private static int schemaVersion(Object value) {
        int version = Integer.parseInt(value.toString());
        if (version < 1 || !value.toString().equals(Integer.toString(version))) {
            throw new IllegalArgumentException("must be a whole number from 1");
        }
        return version;
    }

    private static String matching(Pattern pattern, String what, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a %s (RFC 3986)".formatted(what));
        }
        return text;
    }
}
