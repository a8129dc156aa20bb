package dev.stele.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The topic of events, as a consumer of its own sees it. */
public final class EventsTopic {

    private static final String TOPIC = "stele.events";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private EventsTopic() {}

    /**
     * Reads from the beginning until a stream has so many different events.
     *
     * @return its first records, in the topic's order; repeats by {@code ce_position} are left out,
     *     as a consumer of at-least-once delivery does
     */
    public static List<ConsumerRecord<String, byte[]>> recordsOf(String stream, int count) {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                TestServers.kafka().bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        Set<String> positions = new HashSet<>();
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            Instant end = Instant.now().plus(PATIENCE);
            while (consumer.assignment().isEmpty() && Instant.now().isBefore(end)) {
                assign(consumer);
            }
            while (found.size() < count) {
                if (Instant.now().isAfter(end)) {
                    throw new AssertionError(
                            "%s has %d records instead of %d"
                                    .formatted(stream, found.size(), count));
                }
                for (var each : consumer.poll(Duration.ofMillis(200))) {
                    if (each.key().equals(stream)
                            && positions.add(headers(each).get("ce_position"))) {
                        found.add(each);
                    }
                }
            }
        }
        return found;
    }

    /** The headers as text. */
    public static Map<String, String> headers(ConsumerRecord<?, ?> published) {
        Map<String, String> headers = new HashMap<>();
        published
                .headers()
                .forEach(
                        each ->
                                headers.put(
                                        each.key(),
                                        new String(each.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    /** The value as text. */
    public static String text(ConsumerRecord<?, byte[]> published) {
        return new String(published.value(), StandardCharsets.UTF_8);
    }

    /**
     * Assigned by hand: a consumer group would take seconds to form. The topic may not be made yet.
     */
    private static void assign(KafkaConsumer<String, byte[]> consumer) {
        List<TopicPartition> partitions =
                consumer.listTopics(Duration.ofSeconds(10)).getOrDefault(TOPIC, List.of()).stream()
                        .map(each -> new TopicPartition(each.topic(), each.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }
}
