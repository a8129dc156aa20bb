package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
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
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The built-in publication: every event, data as stored, to the topic of events. */
@ApplicationScoped
class EventsPublication implements Subscriber {

    private static final Logger LOG = Logger.getLogger(EventsPublication.class);
    private static final String NAME = "publication/events";
    private static final String CHANNEL = "events";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Schema schema;
    private final EventLog log;
    private final Checkpoints checkpoints;
    private final LeaseKeeper leases;
    private final Topics topics;
    private final TopicConfig config;
    private final MutinyEmitter<byte[]> channel;
    private @Nullable Cancellable starting;
    private @Nullable String lastProblem;
    private long preparedEpoch;
    private volatile @Nullable EventRecords records;

    // The buffer is bounded by the batch: the next one waits until this one is acknowledged.
    EventsPublication(
            Schema schema,
            EventLog log,
            Checkpoints checkpoints,
            LeaseKeeper leases,
            Topics topics,
            TopicConfig config,
            @Channel(CHANNEL) @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
                    MutinyEmitter<byte[]> channel) {
        this.schema = schema;
        this.log = log;
        this.checkpoints = checkpoints;
        this.leases = leases;
        this.topics = topics;
        this.config = config;
        this.channel = channel;
    }

    void start(@Observes StartupEvent event) {
        starting =
                schema.current()
                        .chain(() -> checkpoints.create(NAME, GlobalPosition.BEGINNING))
                        .invoke(() -> leases.add(this))
                        .chain(leases::round)
                        .chain(() -> topics.ensure(topics.named(CHANNEL)))
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

    @Override
    public Uni<Handled> handle(Lease lease, EventLog.Slice slice) {
        return prepared(lease)
                .chain(prepared -> send(prepared, slice.events()))
                .chain(() -> checkpoints.save(lease, slice.reached()));
    }

    /** Once per lease: the topic is there, and the log's id is known. */
    private Uni<EventRecords> prepared(Lease lease) {
        EventRecords known = records;
        if (known != null && preparedEpoch == lease.epoch()) {
            return Uni.createFrom().item(known);
        }
        return topics.ensure(topics.named(CHANNEL))
                .chain(log::identity)
                .map(identity -> new EventRecords(identity.id()))
                .invoke(
                        made -> {
                            records = made;
                            preparedEpoch = lease.epoch();
                        });
    }

    /** Sends in order; done when every record is acknowledged. */
    private Uni<Void> send(EventRecords prepared, List<RecordedEvent> events) {
        List<Uni<Void>> sends = new ArrayList<>(events.size());
        for (RecordedEvent event : events) {
            sends.add(channel.sendMessage(prepared.of(event)));
        }
        // Subscribed one after the other, so that the channel gets them in order; the first failure
        // ends it.
        return sends.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(sends).andFailFast().replaceWithVoid();
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
