package dev.stele.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.json.Jackson;
import dev.stele.json.JsonWriter;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Released;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;

/**
 * How far each publication is, kept where its records are: a record of a compacted topic, written
 * in the same transaction; without transactions, after them.
 *
 * <p>The key is {@code <log id>/<publication>}, the value {@code
 * {"position":…,"id":…,"generation":…,"version":…,"epoch":…}}, and {@code "released":[[key,
 * position],…]} when the transaction sent parked events. {@code id} and {@code generation} are of
 * the event at the position; records of earlier releases have none.
 */
final class CheckpointTopic {

    /**
     * Where a publication's checkpoint is follows from this, so it never changes. More than one, so
     * that a publication that hangs in a transaction holds up few others that start.
     */
    static final int PARTITIONS = 16;

    /** So compaction keeps up, and little has to be read; the broker allows no smaller segment. */
    static final Map<String, String> SETTINGS =
            Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.SEGMENT_BYTES_CONFIG, "1048576",
                    TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");

    private static final Duration POLL = Duration.ofMillis(100);

    /** How many offsets are read first, from the end; then so many times more. */
    private static final int FIRST_SPAN = 1_000;

    private static final int WIDENING = 16;
    private static final String RELEASED = "released";

    private final KafkaClients clients;
    private final TopicPartition partition;
    private final byte[] key;
    private final Duration answerTimeout;

    /**
     * How far a publication is.
     *
     * @param at the last event that was looked at
     * @param version of its definition
     * @param released the parked events that the same transaction sent; of earlier ones nothing is
     *     said, for they are parked no longer before the next begins
     */
    record Checkpoint(Landmark at, int version, List<Released> released) {}

    CheckpointTopic(
            KafkaClients clients,
            String topic,
            UUID log,
            PublicationName publication,
            Duration answerTimeout) {
        this.clients = clients;
        this.key = (log + "/" + publication).getBytes(StandardCharsets.UTF_8);
        this.partition =
                new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % PARTITIONS);
        this.answerTimeout = answerTimeout;
    }

    /** Where the checkpoints of this publication are. */
    TopicPartition partition() {
        return partition;
    }

    /** The record that says so. */
    ProducerRecord<byte[], byte[]> record(Checkpoint checkpoint, Lease lease) {
        byte[] value =
                JsonWriter.write(
                        json -> {
                            json.writeStartObject();
                            Landmark at = checkpoint.at();
                            json.writeNumberField("position", at.position().value());
                            if (at.id() != null) {
                                json.writeStringField("id", at.id().toString());
                                json.writeNumberField("generation", at.generation());
                            }
                            json.writeNumberField("version", checkpoint.version());
                            json.writeNumberField("epoch", lease.epoch());
                            if (!checkpoint.released().isEmpty()) {
                                json.writeArrayFieldStart(RELEASED);
                                for (Released each : checkpoint.released()) {
                                    json.writeStartArray();
                                    json.writeString(each.key());
                                    json.writeNumber(each.position().value());
                                    json.writeEndArray();
                                }
                                json.writeEndArray();
                            }
                            json.writeEndObject();
                        });
        return new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
    }

    /**
     * The checkpoint of the last transaction that was committed; empty when there was none. Blocks.
     *
     * <p>To be read when no transaction of this publication is open any more. Others may be, and
     * hide what was committed behind them, so it waits until a reader of committed records has come
     * to the end of what was written at all.
     */
    Optional<Checkpoint> read() throws InterruptedException {
        long end = writtenEnd();
        long deadline = System.nanoTime() + answerTimeout.toNanos();
        try (Consumer<byte[], byte[]> reader = clients.committedReader()) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long begin = reader.position(partition);
            long span = FIRST_SPAN;
            for (long upTo = end; upTo > begin; span *= WIDENING) {
                long from = Math.max(begin, end - span);
                Optional<byte[]> last = lastBetween(reader, from, upTo, deadline);
                if (last.isPresent()) {
                    return Optional.of(checkpoint(last.get()));
                }
                upTo = from;
            }
        }
        return Optional.empty();
    }

    /** The end of the partition, uncommitted records included. */
    private long writtenEnd() throws InterruptedException {
        try {
            return clients.admin()
                    .listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw clients.failure(e.getCause() == null ? e : e.getCause());
        }
    }

    private Optional<byte[]> lastBetween(
            Consumer<byte[], byte[]> reader, long from, long upTo, long deadline) {
        Optional<byte[]> last = Optional.empty();
        reader.seek(partition, from);
        while (reader.position(partition) < upTo) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "%s has a transaction that does not end".formatted(partition));
            }
            for (var each : reader.poll(POLL)) {
                if (each.offset() < upTo && Arrays.equals(each.key(), key)) {
                    last = Optional.of(each.value());
                }
            }
        }
        return last;
    }

    private static Landmark landmark(JsonNode checkpoint) {
        GlobalPosition position = new GlobalPosition(checkpoint.required("position").asLong());
        JsonNode id = checkpoint.path("id");
        return id.isMissingNode()
                ? Landmark.unnamed(position)
                : new Landmark(
                        position,
                        EventId.parse(id.asText()),
                        checkpoint.required("generation").asInt());
    }

    private static Checkpoint checkpoint(byte[] value) {
        JsonNode checkpoint = Jackson.tree(value);
        List<Released> released = new ArrayList<>();
        for (JsonNode each : checkpoint.path(RELEASED)) {
            released.add(
                    new Released(
                            each.required(0).asText(),
                            new GlobalPosition(each.required(1).asLong())));
        }
        return new Checkpoint(
                landmark(checkpoint),
                checkpoint.required("version").asInt(),
                List.copyOf(released));
    }
}
