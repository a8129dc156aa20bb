package dev.stele.publish;

import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.json.Times;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0 in the binary mode of the Kafka protocol binding, where
 * an attribute is a header with the prefix {@code ce_} and a UTF-8 value.
 */
final class EventRecords {

    private static final byte[] ABSENT = new byte[0];

    private final String source;

    /** Records of the log with this id. */
    EventRecords(UUID logId) {
        this.source = "urn:stele:" + logId;
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
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", event.id());
        add(headers, "ce_source", source);
        add(headers, "ce_type", event.type());
        add(headers, "ce_subject", event.stream());
        add(headers, "ce_time", Times.format(event.happenedAt()));
        add(headers, "ce_partitionkey", event.stream());
        add(headers, "ce_position", event.position());
        add(headers, "ce_streamversion", event.version());
        add(headers, "ce_schemaversion", event.schemaVersion());
        add(headers, "ce_recordedat", Times.format(event.recordedAt()));
        add(headers, "ce_correlationid", event.references().correlationId());
        add(headers, "ce_causationid", event.references().causationId());
        add(headers, "traceparent", event.traceparent());
        add(headers, "content-type", event.data() == null ? null : "application/json");
        return headers;
    }

    private static void add(Headers headers, String name, @Nullable Object value) {
        if (value != null) {
            headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
