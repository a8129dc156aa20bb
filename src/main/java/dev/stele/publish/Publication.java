package dev.stele.publish;

import dev.stele.definition.Programs;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;
import dev.stele.subscription.Handled;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Subscriber;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends the messages of one version of a publication to its topic. */
final class Publication implements Subscriber {

    private static final Logger LOG = Logger.getLogger(Publication.class);

    private final PublicationTable.Version version;
    private final CompiledPublication compiled;
    private final Tools tools;
    private final Delay delay;
    private final AtomicReference<@Nullable Outlet> outlet = new AtomicReference<>();

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
            KafkaClients clients,
            Topics topics,
            Programs programs,
            Delays delays,
            PublicationConfig config) {}

    /** Where the records of this lease go, and how they are made. */
    private record Outlet(RecordWriter writer, Messages messages) {}

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
    public Uni<GlobalPosition> resume(Lease lease) {
        return closed().chain(() -> tools.topics().ensure(compiled.definition().topic()))
                .chain(tools.log()::identity)
                .chain(identity -> open(identity, lease));
    }

    private Uni<GlobalPosition> open(EventLog.Identity identity, Lease lease) {
        RecordWriter writer = writer(identity.id());
        outlet.set(new Outlet(writer, new Messages(compiled, identity.id())));
        return writer.open("stele.%s.%s".formatted(identity.id(), version.name()))
                .call(() -> requireCurrent(lease))
                .map(
                        inKafka ->
                                furthest(
                                        identity,
                                        lease,
                                        inKafka.filter(this::counts)
                                                .map(CheckpointTopic.Checkpoint::position)
                                                .orElse(lease.checkpoint())));
    }

    private RecordWriter writer(UUID log) {
        CheckpointTopic checkpoints =
                new CheckpointTopic(
                        tools.clients(),
                        tools.topics().checkpoints(),
                        log,
                        version.name(),
                        tools.config().answerTimeout());
        return new RecordWriter(
                tools.clients(), tools.config(), checkpoints, version.name(), version.number());
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
    private boolean counts(CheckpointTopic.Checkpoint checkpoint) {
        return checkpoint.version() >= version.begun();
    }

    /**
     * PostgreSQL's checkpoint is the further one when records were sent without transactions
     * before, or when the last events made no records.
     */
    static GlobalPosition furthest(
            EventLog.Identity identity, Lease lease, GlobalPosition inKafka) {
        if (!identity.head().reached(inKafka)) {
            throw new IllegalStateException(
                    "Kafka has events up to position %s, and the log ends at %s: it was restored to an earlier state"
                            .formatted(inKafka, identity.head()));
        }
        return lease.checkpoint().reached(inKafka) ? lease.checkpoint() : inKafka;
    }

    @Override
    public Uni<Handled> handle(Lease lease, EventLog.Slice slice) {
        Outlet open = Objects.requireNonNull(outlet.get(), "resumed before");
        return batch(open.messages(), slice).chain(batch -> write(open, lease, slice, batch));
    }

    private Uni<Messages.Batch> batch(Messages messages, EventLog.Slice slice) {
        if (!compiled.hasPrograms()) {
            return Uni.createFrom().item(messages.plain(slice));
        }
        return tools.programs()
                .call(
                        () -> {
                            long end = System.nanoTime() + tools.config().batchTime().toNanos();
                            return messages.made(slice, () -> System.nanoTime() - end > 0);
                        });
    }

    private Uni<Handled> write(
            Outlet open, Lease lease, EventLog.Slice slice, Messages.Batch batch) {
        Lease reached = lease.at(batch.reached());
        if (batch.empty()) {
            return Uni.createFrom().item(() -> done(reached, batch.because()));
        }
        long begun = System.nanoTime();
        return open.writer()
                .write(batch.records(), reached)
                .invoke(() -> delay.sent(slice.events(), batch.reached()))
                .map(_ -> done(reached, batch.because()))
                .onItem()
                .call(() -> pauseAfter(slice, System.nanoTime() - begun));
    }

    private Uni<Void> pauseAfter(EventLog.Slice slice, long nanos) {
        Uni<Void> none = Uni.createFrom().voidItem();
        PublicationConfig config = tools.config();
        if (config.delivery() == Delivery.AT_LEAST_ONCE
                || slice.events().size() >= config.batchEvents()) {
            return none;
        }
        long pause =
                Math.clamp(
                        2 * nanos,
                        config.transactionPauseMin().toNanos(),
                        config.transactionPauseMax().toNanos());
        return none.onItem().delayIt().by(Duration.ofNanos(Math.max(1, pause)));
    }

    private Handled done(Lease reached, @Nullable String because) {
        tools.saver().reached(reached);
        if (tools.saver().isFenced(reached)) {
            return new Handled.Fenced();
        }
        return because == null
                ? new Handled.Done(reached.checkpoint())
                : new Handled.Stuck(reached.checkpoint(), because);
    }

    @Override
    public void release() {
        closed().subscribe().with(_ -> LOG.debugf("%s is closed", name()));
    }

    /** Ends what is under way. */
    Uni<Void> closed() {
        Outlet open = outlet.getAndSet(null);
        return open == null ? Uni.createFrom().voidItem() : open.writer().close();
    }
}
