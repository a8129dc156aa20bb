package dev.stele.publish;

import dev.stele.definition.Programs;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;
import dev.stele.publish.CheckpointTopic.Checkpoint;
import dev.stele.subscription.Handled;
import dev.stele.subscription.Lease;
import dev.stele.subscription.ParkedTable;
import dev.stele.subscription.Parking;
import dev.stele.subscription.ParkingChange;
import dev.stele.subscription.Released;
import dev.stele.subscription.Slice;
import dev.stele.subscription.Subscriber;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends the messages of one version of a publication to its topic. */
final class Publication implements Subscriber {

    private final PublicationTable.Version version;
    private final CompiledPublication compiled;
    private final Tools tools;
    private final Delay delay;
    private final AtomicReference<@Nullable Outlet> outlet = new AtomicReference<>();

    /** How often it was let go of. */
    private final AtomicLong releases = new AtomicLong();

    Publication(PublicationTable.Version version, CompiledPublication compiled, Tools tools) {
        this.version = version;
        this.compiled = compiled;
        this.tools = tools;
        this.delay = tools.delays().of(version.name());
    }

    /** What every publication needs. */
    record Tools(
            EventLog log,
            CheckpointSaver saver,
            PublicationTable table,
            ParkedTable parked,
            Writers writers,
            Topics topics,
            Programs programs,
            Delays delays,
            PublicationConfig config) {}

    /** Where the records of this lease go, and how they are made. */
    private record Outlet(RestingWriter writer, Messages messages) {}

    PublicationTable.Version version() {
        return version;
    }

    /** How long events of late took, if this replica sent any. */
    Delay delay() {
        return delay;
    }

    @Override
    public String name() {
        return version.name().subscription();
    }

    @Override
    public EventFilter filter() {
        return compiled.definition().source();
    }

    @Override
    public int batchEvents() {
        return tools.config().batchEvents();
    }

    /**
     * Kafka says better than PostgreSQL how far it is: the checkpoint there came with the records.
     */
    @Override
    public Uni<Resumed> resume(Lease lease, GlobalPosition checkpoint) {
        Uni<Void> before = release();
        long release = releases.get();
        return before.chain(() -> tools.topics().ensure(compiled.definition().topic()))
                .chain(
                        maxRecordBytes ->
                                tools.log()
                                        .identity()
                                        .chain(
                                                identity ->
                                                        open(
                                                                identity,
                                                                maxRecordBytes,
                                                                lease,
                                                                checkpoint,
                                                                release)));
    }

    private Uni<Resumed> open(
            EventLog.Identity identity,
            int maxRecordBytes,
            Lease lease,
            GlobalPosition checkpoint,
            long release) {
        RestingWriter writer =
                tools.writers().of(version, identity.id(), maxRecordBytes, this::requireCurrent);
        int maxKeyBytes = tools.config().keyBytes();
        outlet.set(
                new Outlet(
                        writer,
                        new Messages(compiled, identity.id(), maxRecordBytes, maxKeyBytes)));
        if (releases.get() != release) {
            // Let go of while it was on its way here: it must not fence who comes next.
            return release()
                    .chain(() -> Uni.createFrom().failure(new IllegalStateException("let go of")));
        }
        return writer.open(lease)
                .map(inKafka -> inKafka.filter(this::counts))
                .map(
                        inKafka ->
                                new Resumed(
                                        WhereToGoOn.furthest(
                                                identity,
                                                checkpoint,
                                                inKafka.map(Checkpoint::position)
                                                        .orElse(checkpoint)),
                                        inKafka.map(Checkpoint::released).orElse(List.of())))
                // Whoever died before PostgreSQL heard of it left a lag there that is none.
                .invoke(resumed -> tools.saver().reached(lease, resumed.position()));
    }

    /**
     * Asked after the writer is open: whoever changes the definition later, or takes the lease,
     * opens one later than this, and that ends this one.
     */
    private Uni<Void> requireCurrent(Lease lease) {
        return tools.table()
                .mayRun(version, lease)
                .invoke(
                        may -> {
                            if (!may) {
                                throw new IllegalStateException(
                                        "version %d may no longer run".formatted(version.number()));
                            }
                        })
                .replaceWithVoid();
    }

    /** What versions left in Kafka before one began anew is not where this one is. */
    private boolean counts(Checkpoint checkpoint) {
        return checkpoint.version() >= version.begun();
    }

    /** It is in Kafka; what PostgreSQL has follows, for display. */
    @Override
    public boolean storesCheckpoint() {
        return false;
    }

    @Override
    public Uni<Handled> handle(Lease lease, Slice slice, Parking parking) {
        Outlet open = Objects.requireNonNull(outlet.get(), "resumed before");
        return slice.retry()
                ? asOfNow(open).chain(now -> handle(now, lease, slice, parking))
                : handle(open, lease, slice, parking);
    }

    private Uni<Handled> handle(Outlet open, Lease lease, Slice slice, Parking parking) {
        return batch(open, slice, parking)
                .chain(
                        batch -> {
                            ParkingChange change = parking.upTo(batch.reached());
                            return slice.retry()
                                    ? sendAgain(open, lease, slice, batch, change)
                                    : send(open, lease, slice, batch, change);
                        });
    }

    /** What was too large for the topic may have been parked for that, and fit by now. */
    private Uni<Outlet> asOfNow(Outlet open) {
        return tools.topics()
                .ensure(compiled.definition().topic())
                .map(maxRecordBytes -> open.messages().upTo(maxRecordBytes))
                .map(messages -> new Outlet(open.writer(), messages))
                .invoke(now -> outlet.compareAndSet(open, now));
    }

    private Uni<Messages.Batch> batch(Outlet open, Slice slice, Parking parking) {
        long most = tools.config().batchBytes();
        if (!compiled.hasPrograms()) {
            return tools.writers()
                    .call(() -> open.messages().made(slice, parking, bytes -> bytes >= most));
        }
        return tools.programs()
                .call(
                        () -> {
                            long end = System.nanoTime() + tools.config().batchTime().toNanos();
                            return open.messages()
                                    .made(
                                            slice,
                                            parking,
                                            bytes -> bytes >= most || System.nanoTime() - end > 0);
                        });
    }

    /**
     * What is parked is written before the transaction that passes it: should that fail, it is
     * forgotten when the next one resumes, and comes again.
     */
    private Uni<Handled> send(
            Outlet open, Lease lease, Slice slice, Messages.Batch batch, ParkingChange change) {
        return tools.parked()
                .park(lease, change)
                .chain(
                        held ->
                                held
                                        ? write(open, lease, slice, batch, List.of())
                                                .map(_ -> done(lease, batch))
                                        : Uni.createFrom().item(new Handled.Fenced()));
    }

    /**
     * What is parked no longer is in the transaction that sends it, and leaves the table after it:
     * should that fail, the next one that resumes reads it from Kafka.
     */
    private Uni<Handled> sendAgain(
            Outlet open, Lease lease, Slice slice, Messages.Batch batch, ParkingChange change) {
        return write(open, lease, slice, batch, change.released())
                .chain(() -> tools.parked().park(lease, change))
                .map(held -> held ? handled(batch) : new Handled.Fenced());
    }

    private Uni<Void> write(
            Outlet open, Lease lease, Slice slice, Messages.Batch batch, List<Released> released) {
        if (batch.records().isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        long begun = System.nanoTime();
        GlobalPosition checkpoint = slice.checkpointAt(batch.reached());
        Uni<Void> written =
                open.writer().write(batch.records().stream(), lease, checkpoint, released);
        return tools.topics()
                .unlessMissing(compiled.definition().topic(), written)
                .invoke(() -> delay.sent(slice, batch.reached()))
                .call(() -> pauseAfter(slice, System.nanoTime() - begun));
    }

    private Uni<Void> pauseAfter(Slice slice, long nanos) {
        Uni<Void> none = Uni.createFrom().voidItem();
        PublicationConfig config = tools.config();
        if (config.delivery() == Delivery.AT_LEAST_ONCE
                || slice.parts().size() >= config.batchEvents()) {
            return none;
        }
        long pause =
                Math.clamp(
                        2 * nanos,
                        config.transactionPauseMin().toNanos(),
                        config.transactionPauseMax().toNanos());
        return none.onItem().delayIt().by(Duration.ofNanos(Math.max(1, pause)));
    }

    private Handled done(Lease lease, Messages.Batch batch) {
        tools.saver().reached(lease, batch.reached());
        return tools.saver().isFenced(lease) ? new Handled.Fenced() : handled(batch);
    }

    private static Handled handled(Messages.Batch batch) {
        String because = batch.because();
        return because == null
                ? new Handled.Done(batch.reached())
                : new Handled.Stuck(batch.reached(), because);
    }

    /** Ends what is under way, and saves how far it came. */
    @Override
    public Uni<Void> release() {
        releases.incrementAndGet();
        Outlet open = outlet.getAndSet(null);
        return open == null
                ? Uni.createFrom().voidItem()
                : open.writer().close().chain(tools.saver()::flush);
    }
}
