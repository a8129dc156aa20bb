package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.testing.EventsTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A topic as a consumer of committed records finds it after the log was put back: some records are
 * of events that are no longer there.
 *
 * <p>Its agreement with the log does not depend on the order of partitions: each event of the log
 * is there once, those of a stream in order, and whatever else is there lies in a range that a
 * record of type {@value #RESTORED} names.
 */
final class ForkedTopic {

    private static final String RESTORED = "$restored";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String name;
    private final List<SeenEvent> events = new ArrayList<>();
    private final List<Range> ranges = new ArrayList<>();

    /** Positions whose records up to there are of events that are gone. */
    private record Range(long first, long last, long before, long now) {

        static Range of(JsonNode data) {
            JsonNode gone = data.get("gone");
            JsonNode generation = data.get("generation");
            return new Range(
                    gone.get("from").asLong(),
                    gone.get("to").asLong(),
                    generation.get("before").asLong(),
                    generation.get("now").asLong());
        }

        boolean holds(SeenEvent event) {
            return first <= event.position() && event.position() <= last;
        }
    }

    /** Reads all of it, and waits until it has an event at each position of the log. */
    ForkedTopic(String bootstrapServers, String name, List<SeenEvent> log) {
        this.name = name;
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed");
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(name).stream()
                            .map(each -> new TopicPartition(each.topic(), each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            read(consumer, new HashSet<>(log));
        }
    }

    private void read(KafkaConsumer<String, byte[]> consumer, Set<SeenEvent> missing) {
        long began = System.nanoTime();
        Map<TopicPartition, Long> ends = Map.of();
        while (!missing.isEmpty() || !isAt(consumer, ends)) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new AssertionError(
                        "%d events are not on %s, among them %s"
                                .formatted(
                                        missing.size(), name, missing.stream().limit(3).toList()));
            }
            int known = events.size();
            for (var each : consumer.poll(POLL)) {
                add(each);
            }
            events.subList(known, events.size()).forEach(missing::remove);
            ends = missing.isEmpty() && ends.isEmpty() ? ends(consumer) : ends;
        }
    }

    private static Map<TopicPartition, Long> ends(KafkaConsumer<?, ?> consumer) {
        return consumer.endOffsets(consumer.assignment());
    }

    private static boolean isAt(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return !ends.isEmpty()
                && ends.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void add(ConsumerRecord<String, byte[]> published) {
        if (RESTORED.equals(EventsTopic.headers(published).get("ce_type"))) {
            ranges.add(Range.of(Replicas.json(EventsTopic.text(published))));
        } else {
            events.add(SeenEvent.of(published));
        }
    }

    /** The last position that log and topic both had, each time that the log was put back. */
    List<Long> forks() {
        return ranges.stream().map(range -> range.first() - 1).toList();
    }

    void requireAgreement(List<SeenEvent> log) {
        Set<SeenEvent> ofTheLog = new HashSet<>(log);
        Map<Boolean, List<SeenEvent>> found =
                events.stream().collect(Collectors.partitioningBy(ofTheLog::contains));
        requireNamed(found.getOrDefault(false, List.of()));
        Map<String, List<SeenEvent>> expected = byStream(log);
        Map<String, List<SeenEvent>> published =
                byStream(once(found.getOrDefault(true, List.of())));
        expected.forEach(
                (stream, events) ->
                        assertEquals(events, published.get(stream), name + " " + stream));
        assertEquals(expected.keySet(), published.keySet());
    }

    /** What is not in the log was in an earlier one, and somebody has said so. */
    private void requireNamed(List<SeenEvent> strangers) {
        assertEquals(
                List.of(),
                strangers.stream()
                        .filter(each -> ranges.stream().noneMatch(range -> range.holds(each)))
                        .limit(3)
                        .toList(),
                () -> "on %s and neither in the log nor in %s".formatted(name, ranges));
    }

    /**
     * An event may come once more than it was lost: whoever repeats its append can get the very
     * position that it had. The last one counts.
     */
    private List<SeenEvent> once(List<SeenEvent> published) {
        Map<SeenEvent, Long> times =
                published.stream()
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        times.forEach(
                (event, count) -> {
                    long losses = ranges.stream().filter(range -> range.holds(event)).count();
                    if (count > 1 + losses) {
                        throw new AssertionError(
                                "%d times on %s: %s".formatted(count, name, event));
                    }
                });
        Map<SeenEvent, Long> left = new HashMap<>(times);
        return published.stream().filter(each -> left.merge(each, -1L, Long::sum) == 0).toList();
    }

    private static Map<String, List<SeenEvent>> byStream(List<SeenEvent> events) {
        return events.stream().collect(Collectors.groupingBy(SeenEvent::stream));
    }
}
