package dev.stele.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.publish.CheckpointTopic.Checkpoint;
import dev.stele.subscription.Lease;
import dev.stele.testing.TestServers;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Owners of one publication that come and go, in every bad moment. */
class RecordWriterTest {

    private static final PublicationName NAME = new PublicationName("test");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BATCH_BYTES = 16_384;

    /** What a checkpoint says of an event comes back as it was. */
    private static final Landmark SEEN =
            new Landmark(new GlobalPosition(2), new EventId(new UUID(7, 2)), 3);

    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);
    private static final Lease LEASE = new Lease("publication/test", 1);

    /** Everything has names of its own, so that the tests share the broker. */
    private final UUID log = UUID.randomUUID();

    private final Map<String, String> settings =
            new HashMap<>(Map.of("stele.topic.prefix", log + ".", "stele.topic.partitions", "1"));

    private @Nullable KafkaClients clients;

    @Test
    void a_writer_goes_on_where_the_one_before_it_committed() {
        RecordWriter first = openedAt(Optional.empty());
        write(first, 3, "a", "b");
        write(first, 5, "c");
        close(first);

        RecordWriter second = openedAt(Optional.of(5L));
        write(second, 6, "d");
        close(second);

        assertEquals(List.of("a", "b", "c", "d"), committed());
    }

    @Test
    void a_writer_that_was_taken_over_can_write_no_more() {
        RecordWriter stopped = openedAt(Optional.empty());
        write(stopped, 1, "a");
        RecordWriter next = openedAt(Optional.of(1L));

        assertThrows(IllegalStateException.class, () -> write(stopped, 2, "b"));
        write(next, 2, "b");
        assertThrows(IllegalStateException.class, () -> write(stopped, 2, "b"));
        close(stopped);
        write(next, 3, "c");
        close(next);

        assertEquals(List.of("a", "b", "c"), committed());
    }

    @Test
    void a_writer_that_rested_goes_on_where_it_was_unless_another_one_wrote_meanwhile() {
        settings.put("stele.publication.producers", "1");
        settings.put("stele.publication.producer-turn", "0s");
        OpenWriters places = new OpenWriters(publication());
        RestingWriter rests = resting(places);
        ensured();
        assertEquals(Optional.empty(), rests.open(LEASE).await().atMost(PATIENCE));
        write(rests, 1, "a");
        resting(places).open(LEASE).await().atMost(PATIENCE);
        write(rests, 2, "b");

        RestingWriter other = resting(places);
        other.open(LEASE).await().atMost(PATIENCE);
        write(other, 3, "c");
        assertThrows(IllegalStateException.class, () -> write(rests, 3, "c"));
        assertEquals(List.of("a", "b", "c"), committed());
        places.stop();
    }

    @Test
    void what_was_not_committed_is_never_seen() {
        write(openedAt(Optional.empty()), 1, "a");
        Producer<byte[], byte[]> died = clients().transactional(transactionalId(), BATCH_BYTES);
        died.initTransactions();
        died.beginTransaction();
        var _ = died.send(record("lost"));
        var _ = died.send(checkpoint(2));
        died.flush();

        RecordWriter next = openedAt(Optional.of(1L));
        write(next, 2, "b");
        close(next);

        assertEquals(List.of("a", "b"), committed());
        assertThrows(ProducerFencedException.class, died::commitTransaction);
        died.close(Duration.ZERO);
    }

    @Test
    void a_transaction_whose_end_is_not_known_is_in_the_checkpoint_or_nowhere() {
        settings.put("stele.publication.close-timeout", "2ms");
        List<String> wanted = new ArrayList<>();
        for (int position = 1; position <= 8; position++) {
            Optional<Long> from =
                    position == 1 ? Optional.empty() : Optional.of((long) position - 1);
            RecordWriter writer = openedAt(from);
            wanted.add("event " + position);
            CompletableFuture<Checkpoint> written =
                    writer.write(
                                    Stream.of(record("event " + position)),
                                    LEASE,
                                    Landmark.unnamed(new GlobalPosition(position)),
                                    List.of())
                            .subscribeAsCompletionStage();
            close(writer);
            written.handle((_, _) -> null).join();

            RecordWriter next = writer();
            Optional<Long> reached = open(next);
            if (reached.equals(from)) {
                write(next, position, "event " + position);
            } else {
                assertEquals(Optional.of((long) position), reached);
            }
            close(next);
        }
        assertEquals(wanted, committed());
    }

    @Test
    void another_publication_that_hangs_in_a_transaction_hides_no_checkpoint() throws Exception {
        RecordWriter first = openedAt(Optional.empty());
        write(first, 1, "a");
        Producer<byte[], byte[]> hanging = clients().transactional("hanging-" + log, BATCH_BYTES);
        hanging.initTransactions();
        hanging.beginTransaction();
        hanging.send(foreignCheckpoint()).get();
        write(first, 2, "b");
        close(first);

        RecordWriter next = writer();
        CompletableFuture<Optional<Checkpoint>> opening =
                next.open(transactionalId(), BATCH_BYTES).subscribeAsCompletionStage();
        hanging.commitTransaction();
        hanging.close();

        assertEquals(Optional.of(new Checkpoint(SEEN, 1, List.of())), opening.join());
        close(next);
    }

    @Test
    void a_transaction_that_never_ends_is_the_reason_that_is_given() throws Exception {
        settings.put("stele.publication.answer-timeout", "3s");
        close(openedAt(Optional.empty()));
        Producer<byte[], byte[]> hanging = clients().transactional("hanging-" + log, BATCH_BYTES);
        hanging.initTransactions();
        hanging.beginTransaction();
        hanging.send(foreignCheckpoint()).get();

        RecordWriter next = writer();
        Throwable failure = assertThrows(IllegalStateException.class, () -> open(next));
        assertEquals(
                checkpoints().partition() + " has a transaction that does not end",
                DatabaseFailure.describe(failure));
        close(next);
        hanging.close(Duration.ZERO);
    }

    @Test
    void a_checkpoint_is_found_behind_those_of_many_others() {
        RecordWriter first = openedAt(Optional.empty());
        write(first, 7, "a");
        close(first);
        try (Producer<byte[], byte[]> other = clients().persistent(BATCH_BYTES)) {
            IntStream.range(0, 3_000)
                    .forEach(
                            _ -> {
                                var _ = other.send(foreignCheckpoint());
                            });
            other.flush();
        }
        close(openedAt(Optional.of(7L)));
    }

    @Test
    void without_transactions_the_checkpoint_follows_the_records() {
        settings.put("stele.publication.delivery", "at-least-once");
        RecordWriter first = openedAt(Optional.empty());
        write(first, 2, "a", "b");
        close(first);
        RecordWriter second = openedAt(Optional.of(2L));
        write(second, 3, "c");
        close(second);

        assertEquals(List.of("a", "b", "c"), committed());
    }

    @Test
    void without_transactions_no_checkpoint_says_that_a_record_was_sent_that_was_not() {
        settings.put("stele.publication.delivery", "at-least-once");
        settings.put("stele.topic.max-message-bytes", "1000");
        RecordWriter writer = openedAt(Optional.empty());
        write(writer, 1, "a");
        assertThrows(IllegalStateException.class, () -> write(writer, 2, "x".repeat(10_000)));
        close(writer);

        close(openedAt(Optional.of(1L)));
    }

    @Test
    void a_record_that_is_too_large_fails_its_whole_batch() {
        settings.put("stele.topic.max-message-bytes", "1000");
        RecordWriter writer = openedAt(Optional.empty());
        write(writer, 1, "a");
        assertThrows(IllegalStateException.class, () -> write(writer, 3, "b", "x".repeat(10_000)));
        close(writer);

        RecordWriter next = openedAt(Optional.of(1L));
        write(next, 2, "b");
        close(next);

        assertEquals(List.of("a", "b"), committed());
    }

    @Test
    void many_records_go_to_a_topic_that_takes_few_bytes_at_once() {
        settings.put("stele.topic.max-message-bytes", "1000");
        RecordWriter writer = openedAt(Optional.empty());
        String[] values =
                IntStream.range(0, 100).mapToObj(i -> i + "x".repeat(100)).toArray(String[]::new);
        write(writer, 100, values);
        close(writer);

        assertEquals(List.of(values), committed());
    }

    private RecordWriter openedAt(Optional<Long> position) {
        RecordWriter writer = writer();
        assertEquals(position, open(writer));
        return writer;
    }

    private Optional<Long> open(RecordWriter writer) {
        return writer.open(transactionalId(), ensured())
                .await()
                .atMost(PATIENCE)
                .map(reached -> reached.at().position().value());
    }

    /** The topics are there. */
    private int ensured() {
        return new Topics(clients(), config().getConfigMapping(TopicConfig.class))
                .ensure(topic())
                .await()
                .atMost(PATIENCE);
    }

    private RestingWriter resting(OpenWriters places) {
        return new RestingWriter(
                places,
                this::writer,
                _ -> Uni.createFrom().voidItem(),
                transactionalId(),
                BATCH_BYTES);
    }

    private void write(RestingWriter writer, long reached, String value) {
        writer.write(
                        Stream.of(record(value)),
                        LEASE,
                        Landmark.unnamed(new GlobalPosition(reached)),
                        List.of())
                .await()
                .atMost(PATIENCE);
    }

    private void write(RecordWriter writer, long reached, String... values) {
        writer.write(
                        Stream.of(values).map(this::record),
                        LEASE,
                        reached == 2 ? SEEN : Landmark.unnamed(new GlobalPosition(reached)),
                        List.of())
                .await()
                .atMost(PATIENCE);
    }

    private static void close(RecordWriter writer) {
        writer.close().await().atMost(PATIENCE);
    }

    /** What a consumer of committed records sees, to the end of the topic. */
    private List<String> committed() {
        List<String> values = new ArrayList<>();
        var partition = new TopicPartition(topic(), 0);
        try (Consumer<byte[], byte[]> reader = clients().committedReader()) {
            reader.assign(List.of(partition));
            reader.seekToEnd(List.of(partition));
            long end = reader.position(partition);
            reader.seekToBeginning(List.of(partition));
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(100))
                        .forEach(
                                each ->
                                        values.add(
                                                new String(each.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }

    private RecordWriter writer() {
        return new RecordWriter(THREADS, clients(), publication(), checkpoints(), 1);
    }

    private CheckpointTopic checkpoints() {
        return new CheckpointTopic(
                clients(), log + ".checkpoints", log, NAME, publication().answerTimeout());
    }

    /** Made with the settings as they are at the first call. */
    private KafkaClients clients() {
        if (clients == null) {
            clients =
                    new KafkaClients(
                            Map.of(),
                            TestServers.kafka().bootstrapServers(),
                            publication(),
                            config().getConfigMapping(TopicConfig.class));
        }
        return clients;
    }

    @AfterEach
    void closeClients() {
        clients().close();
    }

    private PublicationConfig publication() {
        return config().getConfigMapping(PublicationConfig.class);
    }

    private SmallRyeConfig config() {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 1, new DurationConverter())
                .withMapping(PublicationConfig.class)
                .withMapping(TopicConfig.class)
                .withDefaultValues(settings)
                .build();
    }

    private ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>(topic(), value.getBytes(StandardCharsets.UTF_8));
    }

    /** A record of another publication whose checkpoints lie in the same partition. */
    private ProducerRecord<byte[], byte[]> foreignCheckpoint() {
        ProducerRecord<byte[], byte[]> own = checkpoint(99);
        return new ProducerRecord<>(
                own.topic(),
                own.partition(),
                "another".getBytes(StandardCharsets.UTF_8),
                own.value());
    }

    private String topic() {
        return log + ".events";
    }

    private String transactionalId() {
        return "stele." + log + ".test";
    }

    private ProducerRecord<byte[], byte[]> checkpoint(long reached) {
        return checkpoints()
                .record(
                        new Checkpoint(Landmark.unnamed(new GlobalPosition(reached)), 1, List.of()),
                        LEASE);
    }
}
