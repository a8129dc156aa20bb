package dev.stele.publish;

import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.json.CloudEvents;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Events as Kafka records: CloudEvents 1.0 in the binary mode of the Kafka protocol binding, where
 * an attribute is a header with the prefix {@code ce_} and a UTF-8 value, but for {@code
 * content-type}.
 */
final class EventRecords {

    private static final byte[] ABSENT = new byte[0];

    private final CloudEvents cloudEvents;

    /** Records of the log with this id. */
    EventRecords(UUID logId) {
        this.cloudEvents = new CloudEvents(logId);
    }

    /** The record of an event; its value is the data as stored, empty when absent, never null. */
    Message<byte[]> of(RecordedEvent event) {
        Payload data = event.data();
        return Message.of(data == null ? ABSENT : data.bytes())
                .addMetadata(
                        OutgoingKafkaRecordMetadata.<String>builder()
                                .withKey(event.stream().value())
                                .withHeaders(headers(event))
                                .build());
    }

    private Headers headers(RecordedEvent event) {
        Headers headers = new RecordHeaders();
        cloudEvents.attributes(event).forEach((name, value) -> add(headers, header(name), value));
        if (event.traceparent() != null) {
            add(headers, "traceparent", event.traceparent());
        }
        return headers;
    }

    private static String header(String attribute) {
        return attribute.equals("datacontenttype") ? "content-type" : "ce_" + attribute;
    }

    private static void add(Headers headers, String name, Object value) {
        headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
    }
}
