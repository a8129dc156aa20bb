package dev.stele.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.testing.EventsTopic;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An event as it is found in the log or on the topic; its data by what tells it from others. */
record SeenEvent(long position, String stream, long version, UUID id, int number, int padding) {

    /** From a page of the log. */
    static SeenEvent of(JsonNode event) {
        return of(
                event.get("position").asLong(),
                event.get("stream").asText(),
                event.get("version").asLong(),
                event.get("id").asText(),
                event.get("data"));
    }

    /** From a record of the topic. */
    static SeenEvent of(ConsumerRecord<String, byte[]> published) {
        Map<String, String> headers = EventsTopic.headers(published);
        return of(
                Long.parseLong(headers.get("ce_position")),
                published.key(),
                Long.parseLong(headers.get("ce_streamversion")),
                Objects.requireNonNull(headers.get("ce_id")),
                Replicas.json(EventsTopic.text(published)));
    }

    private static SeenEvent of(
            long position, String stream, long version, String id, JsonNode data) {
        return new SeenEvent(
                position,
                stream,
                version,
                UUID.fromString(id),
                data.get("number").asInt(),
                data.get("pad").asText().length());
    }
}
