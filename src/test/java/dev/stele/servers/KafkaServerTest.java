package dev.stele.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerTest {

    private static final String TOPIC = "kept";

    @TempDir Path folder;

    @Test
    void committed_records_survive_a_kill_and_a_move_to_another_port_and_aborted_ones_are_not_seen()
            throws Exception {
        int firstPort;
        try (KafkaServer broker = KafkaServer.start(folder, Ports.ANY)) {
            firstPort = broker.port();
            createTopic(broker);
            try (var producer = producer(broker)) {
                producer.initTransactions();
                send(producer, "committed");
                producer.commitTransaction();
                send(producer, "aborted");
                producer.abortTransaction();
            }
            broker.kill();
            broker.startAgain();
            assertEquals(firstPort, broker.port());
        }
        try (KafkaServer broker = KafkaServer.start(folder, Ports.ANY)) {
            assertNotEquals(firstPort, broker.port());
            assertEquals(List.of("committed"), read(broker));
        }
    }

    private static void createTopic(KafkaServer broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static KafkaProducer<String, String> producer(KafkaServer broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, String value)
            throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, value)).get();
    }

    /** All that a reader of committed records sees before the end of the topic. */
    private static List<String> read(KafkaServer broker) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "isolation.level",
                        "read_committed");
        var partition = new TopicPartition(TOPIC, 0);
        List<String> values = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end =
                    Objects.requireNonNull(consumer.endOffsets(Set.of(partition)).get(partition));
            Awaitility.await()
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(100))
                                        .forEach(read -> values.add(read.value()));
                                return consumer.position(partition) >= end;
                            });
        }
        return values;
    }
}
