package dev.stele.publish;

import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.json.CloudEvents;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Events as Kafka records: CloudEvents 1.0 in the binary mode of the Kafka protocol binding, where
 * an attribute is a header with the prefix {@code ce_} and a UTF-8 value, but for {@code
 * content-type}.
 */
final class EventRecords {

    private static final byte[] ABSENT = new byte[0];

    private final String topic;
    private final CloudEvents cloudEvents;

    /** Records for a topic, of the log with this id. */
    EventRecords(String topic, UUID logId) {
        this.topic = topic;
        this.cloudEvents = new CloudEvents(logId);
    }

    /** The record of an event; its value is the data as stored, empty when absent, never null. */
    ProducerRecord<byte[], byte[]> of(RecordedEvent event) {
        Payload data = event.data();
        var made =
                new ProducerRecord<>(
                        topic, bytes(event.stream().value()), data == null ? ABSENT : data.bytes());
        Headers headers = made.headers();
        cloudEvents
                .attributes(event)
                .forEach((name, value) -> headers.add(header(name), bytes(value)));
        if (event.traceparent() != null) {
            headers.add("traceparent", bytes(event.traceparent()));
        }
        return made;
    }

    private static String header(String attribute) {
        return attribute.equals("datacontenttype") ? "content-type" : "ce_" + attribute;
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
