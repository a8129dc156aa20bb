package dev.stele.testing;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The topic of a publication, by default that of all events, read from its beginning by a consumer
 * of committed records. It fails at the first message that comes twice.
 */
public final class EventsTopic implements AutoCloseable {

    private static final String ALL_EVENTS = "stele.events";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String topic;
    private final Set<String> ids = new HashSet<>();

    /** The topic of all events. */
    public EventsTopic(String bootstrapServers) {
        this(bootstrapServers, ALL_EVENTS);
    }

    public EventsTopic(String bootstrapServers, String topic) {
        this.topic = topic;
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Reads from the beginning until a stream has so many different events.
     *
     * @return its first records, in the topic's order
     */
    public static List<ConsumerRecord<String, byte[]>> recordsOf(String stream, int count) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (EventsTopic topic = new EventsTopic(TestServers.kafka().bootstrapServers())) {
            topic.readUntil(
                    () -> found.size() >= count,
                    each -> {
                        if (each.key().equals(stream)) {
                            found.add(each);
                        }
                    });
        } catch (AssertionError e) {
            throw new AssertionError("%s; %s".formatted(e.getMessage(), publication()), e);
        }
        return found;
    }

    /**
     * Reads another topic from its beginning, until it has so many messages.
     *
     * @return all that are there then
     */
    public static List<ConsumerRecord<String, byte[]>> recordsIn(String topic, int count) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (EventsTopic other = new EventsTopic(TestServers.kafka().bootstrapServers(), topic)) {
            other.readUntil(() -> found.size() >= count, found::add);
            other.readToEnd(found::add);
        }
        return found;
    }

    /** Reads on until {@code enough}; fails when that does not come about. */
    public void readUntil(BooleanSupplier enough, Consumer<ConsumerRecord<String, byte[]>> reader) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!enough.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(
                        "%d events came, and not those that were wanted".formatted(ids.size()));
            }
            if (consumer.assignment().isEmpty()) {
                assign();
            } else {
                read(reader);
            }
        }
    }

    /** Reads on to what is the end of the topic. */
    public void readToEnd(Consumer<ConsumerRecord<String, byte[]>> reader) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        readUntil(
                () ->
                        ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()),
                reader);
    }

    private void read(Consumer<ConsumerRecord<String, byte[]>> reader) {
        for (var each : consumer.poll(POLL)) {
            Map<String, String> headers = headers(each);
            // Events that came in as CloudEvents have ids of their senders, which may repeat.
            if (!ids.add(headers.get("ce_position") + " " + headers.get("ce_id"))) {
                throw new AssertionError(
                        "the event at %s was published twice"
                                .formatted(headers.get("ce_position")));
            }
            reader.accept(each);
        }
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

    /** How the publication is doing, for whoever looks for the reason of a failure. */
    private static String publication() {
        try (Connection database = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                Statement statement = database.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "select to_json(s) from stele.subscriptions s"
                                        + " where name = 'publication/events'")) {
            return found.next() ? found.getString(1) : "none";
        } catch (SQLException e) {
            return e.toString();
        }
    }

    /**
     * Assigned by hand: a consumer group would take seconds to form. The topic may not be made yet.
     */
    private void assign() {
        List<TopicPartition> partitions =
                consumer.listTopics(Duration.ofSeconds(10)).getOrDefault(topic, List.of()).stream()
                        .map(each -> new TopicPartition(each.topic(), each.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
