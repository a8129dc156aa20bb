package dev.stele.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stele.event.ContentType;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.event.Tag;
import java.io.IOException;

/** The envelope of a recorded event: the one place that knows its wire form. */
public final class EventJson {

    private EventJson() {}

    /** Writes an event: its metadata and JSON data byte by byte as they were sent. */
    public static void write(JsonGenerator json, RecordedEvent event) throws IOException {
        json.writeStartObject();
        json.writeNumberField("position", event.position().value());
        json.writeStringField("stream", event.stream().value());
        json.writeNumberField("version", event.version().value());
        json.writeStringField("id", event.id().toString());
        json.writeStringField("type", event.type().value());
        Integer schemaVersion = event.schemaVersion();
        if (schemaVersion != null) {
            json.writeNumberField("schemaVersion", schemaVersion);
        }
        json.writeStringField("recordedAt", Times.format(event.recordedAt()));
        if (event.recordedBy() != null) {
            json.writeStringField("recordedBy", event.recordedBy());
        }
        if (event.occurredAt() != null) {
            json.writeStringField("occurredAt", Times.format(event.occurredAt()));
        }
        if (event.contentType() != null) {
            json.writeStringField("contentType", event.contentType().mediaType());
        }
        writeData(json, event, "dataBase64");
        json.writeFieldName("metadata");
        JsonWriter.writeRawObject(json, event.metadata());
        json.writeArrayFieldStart("tags");
        for (Tag tag : event.tags()) {
            json.writeString(tag.value());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /**
     * Writes the data, if there is any: JSON as it is, text as a string, bytes as Base64.
     *
     * @param nameOfBytes the member that bytes are; all else is {@code data}
     */
    static void writeData(JsonGenerator json, RecordedEvent event, String nameOfBytes)
            throws IOException {
        Payload data = event.data();
        ContentType type = event.contentType();
        if (data == null) {
            return;
        }
        if (type == null) {
            json.writeFieldName("data");
            JsonWriter.writeRaw(json, data);
        } else if (type.binary()) {
            json.writeBinaryField(nameOfBytes, data.bytes());
        } else {
            json.writeStringField("data", data.toString());
        }
    }

    /** The document of one event. */
    public static byte[] bytes(RecordedEvent event) {
        return JsonWriter.write(json -> write(json, event));
    }

    /** An event as the tree that programs see: the same document. */
    public static ObjectNode tree(RecordedEvent event) {
        return (ObjectNode) Jackson.tree(bytes(event));
    }
}
