package dev.stele.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.ContentType;
import dev.stele.event.EventId;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events of one log as CloudEvents 1.0: the one place that decides which attributes they have.
 *
 * <p>An event that came in as a CloudEvent ({@link NewCloudEvent}) has its own {@code id}, {@code
 * source}, {@code subject} and extensions. Only the extensions that say where the event is are
 * always those of this log.
 */
public final class CloudEvents {

    static final String VERSION = "1.0";

    /** What an event's own attributes go before; other ones of the log stand. */
    private static final Set<String> OWN_FIRST =
            Set.of("id", "source", "subject", "dataschema", "datacontenttype");

    private static final byte[] OWN_PREFIX =
            ("{\"" + NewCloudEvent.MEMBER + "\":").getBytes(StandardCharsets.UTF_8);

    /** What the sources of events begin with that came in as something else. */
    static final String SOURCES = "urn:stele:";

    private final String source;

    /** Events of the log with this id. */
    public CloudEvents(UUID logId) {
        this.source = SOURCES + logId;
    }

    /**
     * The attributes of an event: strings, integers of 32 bits and booleans, as CloudEvents has
     * them. Positions and versions may be larger, and are strings.
     */
    public Map<String, Object> attributes(RecordedEvent event) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        String recordedAt = Times.format(event.recordedAt());
        Instant happenedAt = event.happenedAt();
        attributes.put("specversion", VERSION);
        attributes.put("id", event.id().toString());
        attributes.put("source", source);
        attributes.put("type", event.type().value());
        attributes.put("subject", event.stream().value());
        attributes.put(
                "time",
                happenedAt.equals(event.recordedAt()) ? recordedAt : Times.format(happenedAt));
        put(attributes, "datacontenttype", contentType(event));
        attributes.put("partitionkey", event.stream().value());
        attributes.put("position", event.position().toString());
        attributes.put("streamversion", event.version().toString());
        put(attributes, "schemaversion", event.schemaVersion());
        attributes.put("recordedat", recordedAt);
        put(attributes, "correlationid", event.references().correlationId());
        EventId cause = event.references().causationId();
        put(attributes, "causationid", cause == null ? null : cause.toString());
        own(event.metadata()).ifPresent(own -> addOwn(attributes, own));
        return attributes;
    }

    /** Writes an event in the JSON format. */
    public void write(JsonGenerator json, RecordedEvent event) throws IOException {
        json.writeStartObject();
        writeMembers(json, attributes(event));
        EventJson.writeData(json, event, "data_base64");
        json.writeEndObject();
    }

    /** Writes attributes as members of the current object. */
    static void writeMembers(JsonGenerator json, Map<String, Object> attributes)
            throws IOException {
        for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
            json.writeFieldName(attribute.getKey());
            switch (attribute.getValue()) {
                case Integer number -> json.writeNumber(number);
                case Boolean truth -> json.writeBoolean(truth);
                case Object text -> json.writeString(text.toString());
            }
        }
    }

    private static @Nullable String contentType(RecordedEvent event) {
        ContentType type = event.contentType();
        if (type != null) {
            return type.mediaType();
        }
        return event.data() == null ? null : "application/json";
    }

    /** What metadata keeps of a CloudEvent's own attributes; empty when it is of something else. */
    static Optional<JsonNode> own(@Nullable Payload metadata) {
        if (metadata == null || !hasOwn(metadata)) {
            return Optional.empty();
        }
        StrictParser parser = new StrictParser(metadata.bytes());
        // The beginning of the object, the name of its first member, and that.
        parser.next();
        parser.next();
        parser.next();
        return Optional.of(JsonDocument.value(parser, "", 0, new Flaws()));
    }

    /** Nobody else's metadata begins so: senders may not use names that begin with $. */
    private static boolean hasOwn(Payload metadata) {
        int length = Math.min(metadata.length(), OWN_PREFIX.length);
        return Arrays.equals(metadata.bytes(), 0, length, OWN_PREFIX, 0, OWN_PREFIX.length);
    }

    private static void addOwn(Map<String, Object> attributes, JsonNode own) {
        for (Map.Entry<String, JsonNode> attribute : own.properties()) {
            Object value = value(attribute.getValue());
            if (OWN_FIRST.contains(attribute.getKey())) {
                attributes.put(attribute.getKey(), value);
            } else {
                attributes.putIfAbsent(attribute.getKey(), value);
            }
        }
    }

    private static Object value(JsonNode node) {
        if (node.isInt()) {
            return node.intValue();
        }
        return node.isBoolean() ? (Object) node.booleanValue() : node.textValue();
    }

    private static void put(Map<String, Object> attributes, String name, @Nullable Object value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }
}
