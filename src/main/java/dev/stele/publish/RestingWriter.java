package dev.stele.publish;

import dev.stele.event.Landmark;
import dev.stele.publish.CheckpointTopic.Checkpoint;
import dev.stele.publish.OpenWriters.Seat;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Released;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes for one publication while its lease is held, by a {@link RecordWriter} that it lets go of
 * when there is nothing to write, and opens again when there is.
 *
 * <p>Exactly once holds as it does for a new owner: whoever opens ends all others (where there are
 * transactions), asks then whether it still may, and asks Kafka how far the publication is. That
 * must be where this one left it; else another was here, and this one is of no use any more.
 */
final class RestingWriter {

    private final OpenWriters places;
    private final Supplier<RecordWriter> writers;
    private final Function<Lease, Uni<Void>> requireCurrent;
    private final String id;
    private final int maxBatchBytes;

    private @Nullable Seat seat;
    private boolean closed;

    /** How far the last writer came in Kafka. */
    private volatile Optional<Landmark> left = Optional.empty();

    /**
     * Nothing is opened yet.
     *
     * @param requireCurrent asked whenever a writer is open: fails when the lease is lost, or
     *     another version may run
     * @param id of the transactions; the same for every owner of the publication
     * @param maxBatchBytes what the broker takes at once for the topic
     */
    RestingWriter(
            OpenWriters places,
            Supplier<RecordWriter> writers,
            Function<Lease, Uni<Void>> requireCurrent,
            String id,
            int maxBatchBytes) {
        this.places = places;
        this.writers = writers;
        this.requireCurrent = requireCurrent;
        this.id = id;
        this.maxBatchBytes = maxBatchBytes;
    }

    /** Gets ready; the checkpoint in Kafka, empty when there is none. */
    Uni<Optional<Checkpoint>> open(Lease lease) {
        return onSeat(seat -> open(seat, lease).invoke(found -> left = found.map(Checkpoint::at)));
    }

    /** As {@link RecordWriter#write}. */
    Uni<Void> write(
            Stream<ProducerRecord<byte[], byte[]>> records,
            Lease lease,
            Landmark reached,
            List<Released> released) {
        Function<Seat, Uni<Void>> write =
                seat ->
                        seat.writer()
                                .write(records, lease, reached, released)
                                .invoke(written -> left = Optional.of(written.at()))
                                .replaceWithVoid();
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Seat open = atWork();
                            return open == null
                                    ? onSeat(again -> reopen(again, lease, write))
                                    : resting(open, write.apply(open));
                        });
    }

    private Uni<Void> reopen(Seat seat, Lease lease, Function<Seat, Uni<Void>> write) {
        return open(seat, lease).invoke(this::requireSame).chain(() -> write.apply(seat));
    }

    /** Lets what is under way end, and gives it up when it does not within the limit. */
    Uni<Void> close() {
        Seat last = noMore();
        return last == null
                ? Uni.createFrom().voidItem()
                : last.writer().close().onTermination().invoke(() -> places.leave(last));
    }

    private Uni<Optional<Checkpoint>> open(Seat seat, Lease lease) {
        return seat.writer().open(id, maxBatchBytes).call(() -> requireCurrent.apply(lease));
    }

    private void requireSame(Optional<Checkpoint> found) {
        if (!found.map(Checkpoint::at).equals(left)) {
            throw new IllegalStateException("another one wrote while this one rested");
        }
    }

    private <T> Uni<T> onSeat(Function<Seat, Uni<T>> work) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Seat next = next();
                            return resting(next, places.enter(next).chain(work::apply));
                        });
    }

    private <T> Uni<T> resting(Seat seat, Uni<T> work) {
        return work.onTermination().invoke(() -> places.rest(seat));
    }

    /** The seat, if it was not given to another meanwhile. */
    private synchronized @Nullable Seat atWork() {
        return seat != null && places.goOn(seat) ? seat : null;
    }

    private synchronized Seat next() {
        if (closed) {
            throw new IllegalStateException("closed while it was opened");
        }
        Seat next = new Seat(writers.get());
        seat = next;
        return next;
    }

    private synchronized @Nullable Seat noMore() {
        closed = true;
        return seat;
    }
}
