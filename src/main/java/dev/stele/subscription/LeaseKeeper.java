package dev.stele.subscription;

import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.Schema;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides with the other replicas who runs which subscription: in rounds, it prolongs the leases
 * that it holds and takes those that nobody does.
 */
@ApplicationScoped
public class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(2);

    private final String replica = UUID.randomUUID().toString();
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final Schema schema;
    private final EventLog log;
    private final Head head;
    private final Checkpoints checkpoints;
    private final SubscriptionConfig config;
    private @Nullable Cancellable rounds;
    private long lastRenewalNanos = System.nanoTime();

    LeaseKeeper(
            Schema schema,
            EventLog log,
            Head head,
            Checkpoints checkpoints,
            SubscriptionConfig config) {
        this.schema = schema;
        this.log = log;
        this.head = head;
        this.checkpoints = checkpoints;
        this.config = config;
    }

    /** The name that this replica holds leases by. */
    public String replica() {
        return replica;
    }

    /** This replica may run the subscriber from now on; its row must be there. */
    public void add(Subscriber subscriber) {
        subscriptions.computeIfAbsent(
                subscriber.name(),
                _ -> new Subscription(subscriber, log, head, checkpoints, config));
    }

    /** This replica no longer runs the subscription of this name. */
    public void remove(String name) {
        Subscription removed = subscriptions.remove(name);
        if (removed != null) {
            stop(removed);
        }
    }

    void start(@Observes StartupEvent event) {
        rounds =
                schema.rounds(this::round, config.leaseRound())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("leases are no longer kept", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.cancel();
        }
        subscriptions.values().forEach(this::stop);
        checkpoints.release(replica).onFailure().recoverWithNull().await().atMost(RELEASE_TIMEOUT);
    }

    /** Renews, then takes what is free. Failures are for the next round. */
    public Uni<Void> round() {
        return renew().chain(this::acquire)
                .onFailure()
                .invoke(this::giveUpIfTooLate)
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> renew() {
        List<Lease> held = held();
        long asked = System.nanoTime();
        if (held.isEmpty()) {
            lastRenewalNanos = asked;
            return Uni.createFrom().voidItem();
        }
        return checkpoints
                .renew(
                        replica,
                        held.stream().map(Lease::subscription).toArray(String[]::new),
                        held.stream().map(Lease::epoch).toArray(Long[]::new))
                .invoke(_ -> lastRenewalNanos = asked)
                .invoke(renewed -> stopLost(held, renewed))
                .replaceWithVoid();
    }

    private Uni<Void> acquire() {
        String[] idle =
                subscriptions.values().stream()
                        .filter(subscription -> subscription.lease() == null)
                        .map(subscription -> subscription.subscriber().name())
                        .toArray(String[]::new);
        if (idle.length == 0) {
            return Uni.createFrom().voidItem();
        }
        return checkpoints
                .acquire(replica, idle)
                .invoke(won -> won.forEach(this::startWon))
                .replaceWithVoid();
    }

    private List<Lease> held() {
        List<Lease> held = new ArrayList<>();
        for (Subscription subscription : subscriptions.values()) {
            Lease lease = subscription.lease();
            if (lease != null) {
                held.add(lease);
            }
        }
        return held;
    }

    private void stopLost(List<Lease> held, List<Lease> renewed) {
        for (Lease lease : held) {
            boolean lost =
                    renewed.stream()
                            .noneMatch(one -> one.subscription().equals(lease.subscription()));
            Subscription subscription = subscriptions.get(lease.subscription());
            if (lost && subscription != null) {
                LOG.infof("lost the lease of %s", lease.subscription());
                stop(subscription);
            }
        }
    }

    private void startWon(Lease lease) {
        Subscription subscription = subscriptions.get(lease.subscription());
        if (subscription != null) {
            synchronized (subscription) {
                subscription.start(lease);
            }
        }
    }

    /**
     * The database may have given the leases to others by now; what is written is fenced, Kafka is
     * not.
     */
    private void giveUpIfTooLate(Throwable failure) {
        LOG.debugf("leases not renewed: %s", DatabaseFailure.describe(failure));
        if (System.nanoTime() - lastRenewalNanos > config.leaseDuration().toNanos()) {
            subscriptions.values().forEach(this::stop);
        }
    }

    private void stop(Subscription subscription) {
        synchronized (subscription) {
            subscription.stop();
        }
    }
}
