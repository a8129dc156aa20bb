package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamVersion;
import dev.stele.json.Times;
import dev.stele.log.Fork.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a topic has of the events of a log, once that is needed to compare the two. Blocks.
 */
final class SentMessages {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaClients clients;
    private final String topic;
    private final Duration atMost;

    SentMessages(KafkaClients clients, String topic, Duration atMost) {
        this.clients = clients;
        this.topic = topic;
        this.atMost = atMost;
    }

    /**
     * The events behind a position, up to another one, of which there are messages.
     *
     * @param since nothing before this time is looked at; null = everything is
     */
    List<Sent> between(GlobalPosition after, GlobalPosition upTo, @Nullable Instant since)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        List<Sent> sent = new ArrayList<>();
        try (Consumer<byte[], byte[]> reader = clients.committedReader()) {
            List<TopicPartition> partitions =
                    reader.partitionsFor(topic).stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = ends(partitions);
            reader.assign(partitions);
            begin(reader, partitions, ends, since);
            while (partitions.stream()
                    .anyMatch(each -> reader.position(each) < ends.getOrDefault(each, 0L))) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            "to read topic %s takes longer than %s".formatted(topic, atMost));
                }
                for (ConsumerRecord<byte[], byte[]> each : reader.poll(POLL)) {
                    Sent one = sent(each);
                    if (one != null
                            && !after.reached(one.position())
                            && upTo.reached(one.position())) {
                        sent.add(one);
                    }
                }
            }
        }
        return sent;
    }

    private static void begin(
            Consumer<byte[], byte[]> reader,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            @Nullable Instant since) {
        reader.seekToBeginning(partitions);
        if (since == null) {
            return;
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(each -> times.put(each, since.toEpochMilli()));
        // Where nothing is as late as that, there is nothing to look at.
        reader.offsetsForTimes(times)
                .forEach(
                        (partition, found) ->
                                reader.seek(
                                        partition,
                                        found == null
                                                ? ends.getOrDefault(partition, 0L)
                                                : found.offset()));
    }

    /** Uncommitted records included: others may hide what is committed behind theirs. */
    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions)
            throws InterruptedException {
        try {
            return clients
                    .admin()
                    .listOffsets(
                            partitions.stream()
                                    .collect(
                                            Collectors.toMap(
                                                    each -> each, _ -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException e) {
            throw clients.failure(e.getCause() == null ? e : e.getCause());
        }
    }

    /** Null when it is no message about an event. */
    private static @Nullable Sent sent(ConsumerRecord<byte[], byte[]> message) {
        String position = header(message, "ce_position");
        String version = header(message, "ce_streamversion");
        String recordedAt = header(message, "ce_recordedat");
        return position == null || version == null || recordedAt == null
                ? null
                : new Sent(
                        new GlobalPosition(Long.parseLong(position)),
                        new StreamVersion(Long.parseLong(version)),
                        Times.parse(recordedAt));
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
