package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.json.JsonWriter;
import dev.stele.json.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The one record that tells consumers that the log was put back: which positions of those that they
 * have seen mean nothing any more, and where the topic goes on. A CloudEvent of a type that no
 * event of a sender can have.
 */
final class RestoredMessage {

    static final String TYPE = "$restored";

    private RestoredMessage() {}

    /**
     * The record.
     *
     * @param last the last event that topic and log both have
     * @param gone the last one that only the topic has
     * @param now the log's generation by now
     * @param from the position behind which the topic goes on
     */
    static ProducerRecord<byte[], byte[]> of(
            String topic,
            UUID log,
            PublicationName publication,
            GlobalPosition last,
            Landmark gone,
            int now,
            GlobalPosition from) {
        byte[] value =
                JsonWriter.write(
                        json -> {
                            json.writeStartObject();
                            json.writeStringField("publication", publication.value());
                            json.writeObjectFieldStart("gone");
                            json.writeNumberField("from", last.value() + 1);
                            json.writeNumberField("to", gone.position().value());
                            json.writeEndObject();
                            json.writeObjectFieldStart("generation");
                            json.writeNumberField("before", gone.generation());
                            json.writeNumberField("now", now);
                            json.writeEndObject();
                            json.writeNumberField("continuesAfter", from.value());
                            json.writeEndObject();
                        });
        var made = new ProducerRecord<>(topic, bytes(TYPE), value);
        // The same however often it is sent.
        byte[] identity = bytes("%s/%s/%s/%d".formatted(log, publication, gone, now));
        made.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(UUID.nameUUIDFromBytes(identity).toString()))
                .add("ce_source", bytes("urn:stele:" + log))
                .add("ce_type", bytes(TYPE))
                .add("ce_time", bytes(Times.format(Instant.now())))
                .add("content-type", bytes("application/json"));
        return made;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
