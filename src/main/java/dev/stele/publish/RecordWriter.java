package dev.stele.publish;

import dev.stele.event.Landmark;
import dev.stele.publish.CheckpointTopic.Checkpoint;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Released;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one publication, while its lease is held and nothing fails. After a failure
 * it is of no use: what became of the last records is for the next one to find out.
 *
 * <p>Kafka's client blocks, so all is done on threads that writers share, one thing after the
 * other.
 */
final class RecordWriter {

    private final KafkaClients clients;
    private final PublicationConfig config;
    private final CheckpointTopic checkpoints;
    private final int version;
    private final Executor thread;
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private volatile boolean closed;

    RecordWriter(
            Executor threads,
            KafkaClients clients,
            PublicationConfig config,
            CheckpointTopic checkpoints,
            int version) {
        this.clients = clients;
        this.config = config;
        this.checkpoints = checkpoints;
        this.version = version;
        this.thread = new OneAfterAnother(threads);
    }

    /**
     * Gets ready, and ends whatever an earlier writer with this id left behind.
     *
     * @param id of the transactions; the same for every owner of the publication
     * @param maxBatchBytes what the broker takes at once for the topic
     * @return the checkpoint in Kafka; empty when there is none
     */
    Uni<Optional<Checkpoint>> open(String id, int maxBatchBytes) {
        return onThread(
                () -> {
                    switch (config.delivery()) {
                        case EXACTLY_ONCE ->
                                use(clients.transactional(id, maxBatchBytes)).initTransactions();
                        case AT_LEAST_ONCE -> use(clients.persistent(maxBatchBytes));
                    }
                    return checkpoints.read();
                });
    }

    /**
     * Writes records in order; done when the broker has acknowledged, and committed, all of them.
     *
     * @param lease the right to do so
     * @param reached the checkpoint that they lead to
     * @param released parked events whose records are among them
     * @return the checkpoint in Kafka after it
     */
    Uni<Checkpoint> write(
            Stream<ProducerRecord<byte[], byte[]>> records,
            Lease lease,
            Landmark reached,
            List<Released> released) {
        Checkpoint checkpoint = new Checkpoint(reached, version, released);
        return onThread(
                () -> {
                    ProducerRecord<byte[], byte[]> last = checkpoints.record(checkpoint, lease);
                    switch (config.delivery()) {
                        case EXACTLY_ONCE -> commit(opened(), records, last);
                        case AT_LEAST_ONCE -> {
                            send(opened(), records);
                            // Only when all before it is there: a restored log is known by it.
                            send(opened(), Stream.of(last));
                        }
                    }
                    return checkpoint;
                });
    }

    /** Lets what is under way end, and gives it up when it does not within the limit. */
    Uni<Void> close() {
        closed = true;
        return onThread(this::closeNow)
                .replaceWithVoid()
                .ifNoItem()
                .after(config.closeTimeout())
                .recoverWithUni(
                        () ->
                                Uni.createFrom()
                                        .voidItem()
                                        .emitOn(Infrastructure.getDefaultWorkerPool())
                                        .invoke(this::closeNow));
    }

    private @Nullable Void closeNow() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ZERO);
            // A closed one still has all of its buffers, and whoever rests keeps its last writer.
            producer = null;
        }
        return null;
    }

    /** A record that cannot be sent fails the commit, and nothing of it is seen. */
    private void commit(
            Producer<byte[], byte[]> producer,
            Stream<ProducerRecord<byte[], byte[]>> records,
            ProducerRecord<byte[], byte[]> checkpoint) {
        producer.beginTransaction();
        try {
            // What becomes of each is known when the transaction ends.
            records.forEach(
                    each -> {
                        var _ = producer.send(each);
                    });
            var _ = producer.send(checkpoint);
            producer.commitTransaction();
        } catch (KafkaException e) {
            abort(producer, e);
            throw e;
        }
    }

    /** So that readers need not wait for the next writer to do it. */
    private static void abort(Producer<byte[], byte[]> producer, KafkaException because) {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException impossible) {
            because.addSuppressed(impossible);
        }
    }

    private static void send(
            Producer<byte[], byte[]> producer, Stream<ProducerRecord<byte[], byte[]>> records)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(each -> sent.add(producer.send(each)));
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    /** Either this sees that it is closed, or {@link #close} sees the producer. */
    private Producer<byte[], byte[]> use(Producer<byte[], byte[]> made) {
        producer = made;
        if (closed) {
            made.close(Duration.ZERO);
            throw new IllegalStateException("closed while it was opened");
        }
        return made;
    }

    private Producer<byte[], byte[]> opened() {
        return Objects.requireNonNull(producer, "not open");
    }

    private <T extends @Nullable Object> Uni<T> onThread(Callable<T> work) {
        return Blocking.on(thread, () -> inOurWords(work));
    }

    private <T extends @Nullable Object> T inOurWords(Callable<T> work)
            throws InterruptedException {
        try {
            return work.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (ExecutionException e) {
            throw clients.failure(Objects.requireNonNullElse(e.getCause(), e));
        } catch (Exception e) {
            throw clients.failure(e);
        }
    }
}
