package dev.stele.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventIds;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.jq.JqOutcome;
import dev.stele.jq.JqProgram;
import dev.stele.json.CloudEvents;
import dev.stele.json.EventJson;
import dev.stele.log.EventLog;
import dev.stele.view.Programs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
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

    /** Messages about events of the log with this id. */
    Messages(CompiledPublication publication, UUID logId) {
        this.publication = publication;
        this.cloudEvents = new CloudEvents(logId);
    }

    /**
     * The records of some events.
     *
     * @param records of all events up to a position; may be read once, on any thread
     * @param reached that position
     * @param because why the next event has no records; null when nothing is wrong
     */
    record Batch(
            Stream<ProducerRecord<byte[], byte[]>> records,
            boolean empty,
            GlobalPosition reached,
            @Nullable String because) {}

    /**
     * The records of events whose data are published as they are stored; made when they are read.
     */
    Batch plain(EventLog.Slice slice) {
        return new Batch(
                slice.events().stream().map(this::plain),
                slice.events().isEmpty(),
                slice.reached(),
                null);
    }

    /**
     * Runs the programs on events, to the first one that they fail for.
     *
     * @param outOfTime whether it is to end after at least one event
     */
    Batch made(EventLog.Slice slice, BooleanSupplier outOfTime) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        boolean first = true;
        for (RecordedEvent event : slice.events()) {
            GlobalPosition before = new GlobalPosition(event.position().value() - 1);
            if (!first && outOfTime.getAsBoolean()) {
                return batch(records, before, null);
            }
            first = false;
            try {
                records.addAll(made(event));
            } catch (ProgramFailure failure) {
                String because =
                        "event %s (%s) of stream %s: %s"
                                .formatted(
                                        event.position(),
                                        event.type(),
                                        event.stream(),
                                        failure.getMessage());
                // It may quote what a program made, and PostgreSQL holds no U+0000.
                return batch(records, before, because.replace('\u0000', '\uFFFD'));
            }
        }
        return batch(records, slice.reached(), null);
    }

    private static Batch batch(
            List<ProducerRecord<byte[], byte[]>> records,
            GlobalPosition reached,
            @Nullable String because) {
        return new Batch(records.stream(), records.isEmpty(), reached, because);
    }

    private static final class ProgramFailure extends Exception {
        private static final long serialVersionUID = 1;

        ProgramFailure(String message) {
            super(message, null, false, false);
        }
    }

    private ProducerRecord<byte[], byte[]> plain(RecordedEvent event) {
        return record(event, event.stream().value(), cloudEvents.attributes(event), stored(event));
    }

    private List<ProducerRecord<byte[], byte[]>> made(RecordedEvent event) throws ProgramFailure {
        JsonNode tree = EventJson.tree(event);
        List<byte[]> values = values(event, tree);
        if (values.isEmpty()) {
            return List.of();
        }
        JqProgram keyProgram = publication.key();
        String key = keyProgram == null ? event.stream().value() : one("key", keyProgram, tree);
        Map<String, Object> attributes = cloudEvents.attributes(event);
        attributes.put("partitionkey", key);
        JqProgram typeProgram = publication.type();
        if (typeProgram != null) {
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

    private List<byte[]> values(RecordedEvent event, JsonNode tree) throws ProgramFailure {
        JqProgram program = publication.value();
        if (program == null) {
            return List.of(stored(event));
        }
        List<byte[]> values = new ArrayList<>();
        for (JsonNode value : run("value", program, tree)) {
            requireWritable("value", value);
            values.add(bytes(Programs.json(value)));
        }
        return values;
    }

    private static byte[] stored(RecordedEvent event) {
        Payload data = event.data();
        return data == null ? ABSENT : data.bytes();
    }

    private static String one(String member, JqProgram program, JsonNode event)
            throws ProgramFailure {
        List<JsonNode> values = run(member, program, event);
        if (values.size() != 1
                || !values.getFirst().isTextual()
                || values.getFirst().textValue().isEmpty()) {
            throw new ProgramFailure(member + ": must yield one string that is not empty");
        }
        requireWritable(member, values.getFirst());
        return values.getFirst().textValue();
    }

    private static void requireWritable(String member, JsonNode value) throws ProgramFailure {
        String problem = Programs.problem(value);
        if (problem != null) {
            throw new ProgramFailure(member + ": " + problem);
        }
    }

    private static List<JsonNode> run(String member, JqProgram program, JsonNode event)
            throws ProgramFailure {
        return switch (program.run(event, Map.of())) {
            case JqOutcome.Values(var values) -> values;
            case JqOutcome.Failed(var error) -> throw new ProgramFailure(member + ": " + error);
            case JqOutcome.OverBudget(var budget, var detail) ->
                    throw new ProgramFailure(
                            "%s: over budget, %s (%s)".formatted(member, detail, budget));
        };
    }

    private ProducerRecord<byte[], byte[]> record(
            RecordedEvent event, String key, Map<String, Object> attributes, byte[] value) {
        var made = new ProducerRecord<>(publication.topic(), bytes(key), value);
        Headers headers = made.headers();
        attributes.forEach((name, each) -> headers.add(header(name), bytes(each)));
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
