package dev.stele.subscription;

import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.postgres.DatabaseFailure;
import dev.stele.postgres.LastFailure;
import dev.stele.postgres.Schema;
import dev.stele.subscription.LeaseTable.Renewed;
import dev.stele.subscription.LeaseTable.Won;
import dev.stele.subscription.Subscription.Message;
import dev.stele.subscription.Subscription.State;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides with the other replicas who runs which subscription. In rounds, it prolongs the leases
 * that it holds, gives back what is more than its share, and takes of what nobody holds up to it.
 */
@ApplicationScoped
public class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);

    /** What is left for the database's last answers when the service ends. */
    private static final Duration END_MARGIN = Duration.ofSeconds(2);

    /** How long they are kept, in durations of a lease. */
    private static final int KEPT_LEASES = 10;

    private final String replica;
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();

    /** Those that were removed and have not let go yet; the next of the name waits for them. */
    private final Map<String, Subscription> leaving = new ConcurrentHashMap<>();

    private final KeptLeases kept;
    private final Schema schema;
    private final LeaseTable leases;
    private final ObservedLeases observed;
    private final SubscriptionConfig config;
    private final Runner.Tools tools;
    private final LastFailure failures = new LastFailure();
    private @Nullable Cancellable rounds;
    private volatile boolean ending;
    private final OneAtATime oneAtATime = new OneAtATime(this::oneRound);
    private volatile long lastRenewalNanos = System.nanoTime();

    LeaseKeeper(
            Schema schema,
            EventLog log,
            Head head,
            Tail tail,
            Checkpoints checkpoints,
            LeaseTable leases,
            ParkedTable parked,
            SubscriptionConfig config,
            ParkedConfig parkedConfig,
            ReplicaConfig replicaConfig,
            MeterRegistry registry) {
        this.replica = ReplicaName.unique(replicaConfig.name());
        this.schema = schema;
        this.leases = leases;
        this.observed = new ObservedLeases(leases, config.leaseDuration(), System::nanoTime);
        this.config = config;
        this.kept = new KeptLeases(config.leaseDuration().multipliedBy(KEPT_LEASES));
        this.tools =
                new Runner.Tools(
                        log,
                        head,
                        tail,
                        checkpoints,
                        leases,
                        parked,
                        config,
                        Parking.Limits.of(parkedConfig),
                        registry);
    }

    /** The name of this replica among those that share the subscriptions. */
    public String replica() {
        return replica;
    }

    /** How the last round failed, in which this replica keeps its leases; empty when it did not. */
    public Optional<LastFailure.Failure> lastFailure() {
        return failures.current();
    }

    /** This replica may run the subscriber from now on; its row must be there. */
    public void add(Subscriber subscriber) {
        subscriptions.computeIfAbsent(
                subscriber.name(), _ -> new Subscription(new Runner(subscriber, tools)));
    }

    /** This replica no longer runs the subscription of this name. */
    public void remove(String name) {
        Subscription removed = subscriptions.remove(name);
        kept.forget(name);
        if (removed == null) {
            return;
        }
        Subscription earlier = leaving.put(name, removed);
        removed.tell(new Message.Stop());
        Uni<Void> gone = removed.stopped();
        (earlier == null ? gone : earlier.stopped().chain(() -> gone))
                .subscribe()
                .with(_ -> left(name, removed));
    }

    private void left(String name, Subscription removed) {
        leaving.remove(name, removed);
        if (subscriptions.containsKey(name) && !ending) {
            round().subscribe().with(_ -> {});
        }
    }

    /** Parked keys of a subscription are to be tried again; at once, if it runs here. */
    public void retry(String name) {
        Subscription subscription = subscriptions.get(name);
        if (subscription != null) {
            subscription.tell(new Message.RetryWanted());
        }
    }

    void start(@Observes StartupEvent event) {
        LOG.infof("as an owner of subscriptions this replica is %s", replica);
        rounds =
                schema.rounds(this::round, config.leaseRound())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("leases are no longer kept", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        ending = true;
        if (rounds != null) {
            rounds.cancel();
        }
        List<Uni<Void>> ends = new ArrayList<>();
        for (Map<String, Subscription> each : List.of(subscriptions, leaving)) {
            for (Subscription subscription : each.values()) {
                subscription.tell(new Message.Stop());
                ends.add(subscription.stopped());
            }
        }
        Uni<Void> ended =
                ends.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : Uni.join().all(ends).andCollectFailures().replaceWithVoid();
        ended.ifNoItem()
                .after(config.endTimeout())
                .fail()
                .onFailure()
                .recoverWithNull()
                .chain(() -> leases.removeReplica(replica))
                .onFailure()
                .recoverWithNull()
                .await()
                .atMost(config.endTimeout().plus(END_MARGIN));
    }

    /**
     * Renews, gives back, then takes what is free. Failures are for the next round. One at a time,
     * or each would take the whole share.
     */
    public Uni<Void> round() {
        return ending ? Uni.createFrom().voidItem() : oneAtATime.run();
    }

    private Uni<Void> oneRound() {
        return renew().chain(() -> observed.replicas(replica))
                .chain(this::share)
                .invoke(failures::over)
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
        return leases.renew(replica, held)
                .invoke(_ -> lastRenewalNanos = asked)
                .invoke(renewed -> renewed(held, renewed))
                .replaceWithVoid();
    }

    private void renewed(List<Lease> held, List<Renewed> renewed) {
        Set<Lease> still = renewed.stream().map(Renewed::lease).collect(Collectors.toSet());
        for (Lease lease : held) {
            if (!still.contains(lease)) {
                LOG.infof("lost the lease of %s", lease.subscription());
                tell(lease.subscription(), new Message.Lost(lease.epoch()));
            }
        }
        for (Renewed each : renewed) {
            if (each.retry()) {
                retry(each.lease().subscription());
            }
        }
    }

    /** So many replicas share the subscriptions, this one among them. */
    private Uni<Void> share(int replicas) {
        if (ending) {
            return leases.removeReplica(replica);
        }
        List<Lease> shared = held().stream().filter(lease -> !kept.contains(lease)).toList();
        int share = Math.ceilDiv(subscriptions.size(), replicas);
        int room = share - shared.size();
        if (room < 0) {
            giveBack(shared.subList(0, -room));
        }
        List<String> idle = idle();
        if (idle.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        int atMost = Math.max(0, room);
        return observed.acquire(replica, idle, atMost)
                .invoke(won -> won(won, atMost))
                .replaceWithVoid();
    }

    private void giveBack(List<Lease> excess) {
        for (Lease lease : excess) {
            LOG.infof("giving %s to another replica", lease.subscription());
            tell(lease.subscription(), new Message.Lost(lease.epoch()));
        }
    }

    private void won(List<Won> won, int atMost) {
        for (int i = 0; i < won.size(); i++) {
            Lease lease = won.get(i).lease();
            if (i >= atMost) {
                kept.keep(lease);
            }
            tell(lease.subscription(), new Message.Won(lease, won.get(i).checkpoint()));
        }
    }

    private void tell(String name, Message message) {
        Subscription subscription = subscriptions.get(name);
        if (subscription != null) {
            subscription.tell(message);
        }
    }

    private List<Lease> held() {
        List<Lease> held = new ArrayList<>();
        for (Subscription subscription : subscriptions.values()) {
            if (subscription.state() instanceof State.Running running) {
                held.add(running.lease());
            }
        }
        return held;
    }

    /** Those that could run here and do not. */
    private List<String> idle() {
        return subscriptions.entrySet().stream()
                .filter(each -> each.getValue().state() instanceof State.Idle)
                .map(Map.Entry::getKey)
                .filter(name -> !leaving.containsKey(name))
                .toList();
    }

    /**
     * The database may have given the leases to others by now; what is written is fenced, Kafka is
     * not.
     */
    private void giveUpIfTooLate(Throwable failure) {
        failures.met(failure);
        LOG.debugf("leases not renewed: %s", DatabaseFailure.describe(failure));
        if (System.nanoTime() - lastRenewalNanos > config.leaseDuration().toNanos()) {
            held().forEach(lease -> tell(lease.subscription(), new Message.Lost(lease.epoch())));
        }
    }
}
