package dev.stele.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventIds;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.jq.JqOutcome;
import dev.stele.jq.JqProgram;
import dev.stele.json.CanonicalJson;
import dev.stele.json.CloudEvents;
import dev.stele.json.EventJson;
import dev.stele.subscription.Parking;
import dev.stele.subscription.SharedEvent;
import dev.stele.subscription.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0 in the binary mode of the Kafka protocol binding, where
 * an attribute is a header with the prefix {@code ce_} and a UTF-8 value, but for {@code
 * content-type}.
 */
final class Messages {

    private static final byte[] ABSENT = new byte[0];
    private static final String JSON = "application/json";

    /** What is true of an event's data, and not of what a program makes of it. */
    private static final List<String> OF_STORED_DATA = List.of("dataschema", "schemaversion");

    private final CompiledPublication publication;
    private final CloudEvents cloudEvents;

    private final int maxRecordBytes;
    private final int maxKeyBytes;

    /**
     * Messages about events of the log with this id.
     *
     * @param maxRecordBytes most bytes of a record, before compression
     * @param maxKeyBytes most bytes of a key
     */
    Messages(CompiledPublication publication, UUID logId, int maxRecordBytes, int maxKeyBytes) {
        this(publication, new CloudEvents(logId), maxRecordBytes, maxKeyBytes);
    }

    private Messages(
            CompiledPublication publication,
            CloudEvents cloudEvents,
            int maxRecordBytes,
            int maxKeyBytes) {
        this.publication = publication;
        this.cloudEvents = cloudEvents;
        this.maxRecordBytes = maxRecordBytes;
        this.maxKeyBytes = maxKeyBytes;
    }

    /** The same, where a record may have so many bytes. */
    Messages upTo(int maxRecordBytes) {
        return new Messages(publication, cloudEvents, maxRecordBytes, maxKeyBytes);
    }

    /**
     * The records of some events.
     *
     * @param records of all events up to a position, but for those that are parked
     * @param reached that position
     * @param because why the next event cannot even be parked; null when nothing is wrong
     */
    record Batch(
            List<ProducerRecord<byte[], byte[]>> records,
            GlobalPosition reached,
            @Nullable String because) {}

    /**
     * Makes the records of a slice.
     *
     * @param enough whether it is to end after at least one event, with so many bytes of values
     */
    Batch made(Slice slice, Parking parking, LongPredicate enough) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        long bytes = 0;
        for (Slice.Part part : slice.parts()) {
            RecordedEvent event = part.event();
            GlobalPosition before = new GlobalPosition(event.position().value() - 1);
            if (!slice.isFirst(part) && enough.test(bytes)) {
                return new Batch(records, before, null);
            }
            List<ProducerRecord<byte[], byte[]>> own = madeOrParked(part.shared(), parking);
            String full = parking.full(event);
            if (full != null) {
                return new Batch(records, before, full);
            }
            records.addAll(own);
            bytes += own.stream().mapToLong(each -> each.value().length).sum();
        }
        return new Batch(records, slice.reached(), null);
    }

    /** The records of an event; none when it is parked, or makes none. */
    private List<ProducerRecord<byte[], byte[]>> madeOrParked(SharedEvent shared, Parking parking) {
        RecordedEvent event = shared.event();
        if (parking.holdsStreamOf(event)) {
            parking.waits(event.stream().value(), event, true);
            return List.of();
        }
        JsonNode tree = publication.hasPrograms() ? shared.parsed(EventJson::tree) : null;
        String key = null;
        try {
            List<byte[]> values = values(event, tree);
            if (values.isEmpty()) {
                return List.of();
            }
            key = key(event, tree);
            if (parking.holds(key, event)) {
                parking.waits(key, event, true);
                return List.of();
            }
            return records(event, tree, key, values);
        } catch (MessageFailure failure) {
            park(event, tree, key, failure, parking);
            return List.of();
        }
    }

    /** The key that fails is the event's, and its stream's id where it has none. */
    private void park(
            RecordedEvent event,
            @Nullable JsonNode tree,
            @Nullable String key,
            MessageFailure failure,
            Parking parking) {
        try {
            String known = key == null ? key(event, tree) : key;
            if (parking.holds(known, event)) {
                parking.waits(known, event, true);
            } else {
                parking.fails(known, event, true, failure.problem);
            }
        } catch (MessageFailure withoutKey) {
            parking.failsWithoutKey(event, withoutKey.problem);
        }
    }

    private String key(RecordedEvent event, @Nullable JsonNode tree) throws MessageFailure {
        JqProgram program = publication.key();
        if (program == null || tree == null) {
            return event.stream().value();
        }
        String key = one("key", program, tree);
        int length = bytes(key).length;
        if (length > maxKeyBytes) {
            throw new MessageFailure(
                    "key: must have at most %d bytes, not %d".formatted(maxKeyBytes, length));
        }
        // A parked key is kept by PostgreSQL, which holds no U+0000.
        if (key.indexOf(0) >= 0) {
            throw new MessageFailure("key: contains U+0000");
        }
        return key;
    }

    /** Why an event has no message, though it should. */
    private static final class MessageFailure extends Exception {
        private static final long serialVersionUID = 1;

        private final String problem;

        MessageFailure(String problem) {
            super(problem, null, false, false);
            this.problem = problem;
        }
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            RecordedEvent event, @Nullable JsonNode tree, String key, List<byte[]> values)
            throws MessageFailure {
        Map<String, Object> attributes = cloudEvents.attributes(event);
        if (publication.key() != null) {
            attributes.put("partitionkey", key);
        }
        JqProgram typeProgram = publication.type();
        if (typeProgram != null && tree != null) {
            attributes.put("type", one("type", typeProgram, tree));
        }
        if (publication.value() != null) {
            attributes.put("datacontenttype", JSON);
            attributes.keySet().removeAll(OF_STORED_DATA);
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            if (values.size() > 1) {
                attributes.put("id", EventIds.ofMessage(event.id(), i).toString());
            }
            records.add(record(event, key, attributes, values.get(i)));
        }
        return records;
    }

    private List<byte[]> values(RecordedEvent event, @Nullable JsonNode tree)
            throws MessageFailure {
        JqProgram program = publication.value();
        if (program == null || tree == null) {
            return List.of(stored(event));
        }
        List<byte[]> values = new ArrayList<>();
        for (JsonNode value : run("value", program, tree)) {
            requireWritable("value", value);
            values.add(bytes(CanonicalJson.text(CanonicalJson.canonical(value))));
        }
        return values;
    }

    private static byte[] stored(RecordedEvent event) {
        Payload data = event.data();
        return data == null ? ABSENT : data.bytes();
    }

    private static String one(String member, JqProgram program, JsonNode event)
            throws MessageFailure {
        List<JsonNode> values = run(member, program, event);
        if (values.size() != 1
                || !values.getFirst().isTextual()
                || values.getFirst().textValue().isEmpty()) {
            throw new MessageFailure(member + ": must yield one string that is not empty");
        }
        requireWritable(member, values.getFirst());
        return values.getFirst().textValue();
    }

    private static void requireWritable(String member, JsonNode value) throws MessageFailure {
        String problem = CanonicalJson.problem(value);
        if (problem != null) {
            throw new MessageFailure(member + ": " + problem);
        }
    }

    private static List<JsonNode> run(String member, JqProgram program, JsonNode event)
            throws MessageFailure {
        return switch (program.run(event, Map.of())) {
            case JqOutcome.Values(var values) -> values;
            case JqOutcome.Failed(var error) -> throw new MessageFailure(member + ": " + error);
            case JqOutcome.OverBudget(var budget, var detail) ->
                    throw new MessageFailure(
                            "%s: over budget, %s (%s)".formatted(member, detail, budget));
        };
    }

    private ProducerRecord<byte[], byte[]> record(
            RecordedEvent event, String key, Map<String, Object> attributes, byte[] value)
            throws MessageFailure {
        var made = new ProducerRecord<>(publication.definition().topic(), bytes(key), value);
        Headers headers = made.headers();
        attributes.forEach((name, each) -> headers.add(header(name), bytes(each)));
        if (event.traceparent() != null) {
            headers.add("traceparent", bytes(event.traceparent()));
        }
        requireFits(made);
        return made;
    }

    /** The broker would refuse it, and with it all that is in the same transaction. */
    private void requireFits(ProducerRecord<byte[], byte[]> made) throws MessageFailure {
        long bytes = RecordSize.bytes(made, maxRecordBytes);
        if (bytes > maxRecordBytes) {
            throw new MessageFailure(
                    "the message has up to %d bytes, and topic %s takes at most %d of one"
                            .formatted(bytes, made.topic(), maxRecordBytes));
        }
    }

    private static String header(String attribute) {
        return attribute.equals("datacontenttype") ? "content-type" : "ce_" + attribute;
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
