package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.log.EventFilter;
import dev.stele.log.EventLog;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.Schema;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Handled;
import dev.stele.subscription.Lease;
import dev.stele.subscription.LeaseKeeper;
import dev.stele.subscription.Subscriber;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The built-in publication: every event, data as stored, to the topic of events. */
@ApplicationScoped
class EventsPublication implements Subscriber {

    private static final Logger LOG = Logger.getLogger(EventsPublication.class);
    private static final String NAME = "publication/events";
    private static final String TOPIC = "events";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What closing may take beyond its limit. */
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(1);

    /** Longest wait for PostgreSQL when the service stops. */
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

    private final Schema schema;
    private final EventLog log;
    private final Checkpoints checkpoints;
    private final LeaseKeeper leases;
    private final KafkaClients clients;
    private final Topics topics;
    private final PublicationConfig config;
    private final CheckpointSaver saver;
    private final AtomicReference<@Nullable Outlet> outlet = new AtomicReference<>();
    private @Nullable Cancellable starting;
    private @Nullable String lastProblem;

    EventsPublication(
            Schema schema,
            EventLog log,
            Checkpoints checkpoints,
            LeaseKeeper leases,
            KafkaClients clients,
            Topics topics,
            PublicationConfig config) {
        this.schema = schema;
        this.log = log;
        this.checkpoints = checkpoints;
        this.leases = leases;
        this.clients = clients;
        this.topics = topics;
        this.config = config;
        this.saver = new CheckpointSaver(checkpoints, config.checkpointInterval());
    }

    /** Where the records of this lease go, and how they are made. */
    private record Outlet(RecordWriter writer, EventRecords records) {}

    void start(@Observes StartupEvent event) {
        starting =
                schema.current()
                        .chain(() -> checkpoints.create(NAME, GlobalPosition.BEGINNING))
                        .invoke(() -> leases.add(this))
                        .chain(leases::round)
                        .onFailure()
                        .invoke(this::tellOnce)
                        .onFailure()
                        .retry()
                        .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                        .indefinitely()
                        .subscribe()
                        .with(_ -> LOG.debugf("%s is ready to run", NAME));
    }

    void stop(@Observes ShutdownEvent event) {
        if (starting != null) {
            starting.cancel();
        }
        closed().await().atMost(config.closeTimeout().plus(CLOSE_MARGIN));
        saver.flush().await().atMost(FLUSH_TIMEOUT);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EventFilter filter() {
        return EventFilter.ALL;
    }

    @Override
    public int batchEvents() {
        return config.batchEvents();
    }

    /**
     * Kafka says better than PostgreSQL how far it is: the checkpoint there came with the records.
     */
    @Override
    public Uni<GlobalPosition> resume(Lease lease) {
        return closed().chain(() -> topics.ensure(topics.named(TOPIC)))
                .chain(log::identity)
                .chain(identity -> open(identity, lease));
    }

    private Uni<GlobalPosition> open(EventLog.Identity identity, Lease lease) {
        RecordWriter writer =
                new RecordWriter(
                        clients,
                        config,
                        new CheckpointTopic(
                                clients,
                                topics.checkpoints(),
                                identity.id(),
                                TOPIC,
                                config.answerTimeout()),
                        NAME);
        outlet.set(new Outlet(writer, new EventRecords(topics.named(TOPIC), identity.id())));
        return writer.open("stele." + identity.id() + "." + TOPIC)
                .map(inKafka -> furthest(identity, lease, inKafka.orElse(lease.checkpoint())));
    }

    /**
     * PostgreSQL's checkpoint is the further one when records were sent without transactions
     * before.
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
        Lease reached = lease.at(slice.reached());
        long begun = System.nanoTime();
        return open.writer()
                .write(slice.events().stream().map(open.records()::of), reached)
                .map(_ -> done(reached))
                .onItem()
                .call(() -> pauseAfter(slice, System.nanoTime() - begun));
    }

    private Uni<Void> pauseAfter(EventLog.Slice slice, long nanos) {
        Uni<Void> none = Uni.createFrom().voidItem();
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

    private Handled done(Lease reached) {
        saver.reached(reached);
        return saver.isFenced(reached)
                ? new Handled.Fenced()
                : new Handled.Done(reached.checkpoint());
    }

    @Override
    public void release() {
        closed().subscribe().with(_ -> LOG.debugf("%s is closed", NAME));
    }

    private Uni<Void> closed() {
        Outlet open = outlet.getAndSet(null);
        return open == null ? Uni.createFrom().voidItem() : open.writer().close();
    }

    /** Appends go on without Kafka; whoever runs the service should know, once. */
    private void tellOnce(Throwable failure) {
        String problem = DatabaseFailure.describe(failure);
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warnf("%s cannot start yet, trying again: %s", NAME, problem);
        }
    }
}
