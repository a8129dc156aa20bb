package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.subscription.Checkpoints.Reached;
import dev.stele.subscription.Parking.Waiting;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Does what the phases of a subscription ask for: reads events, has its subscriber handle them, and
 * keeps its parked keys. One step at a time; what it remembers is of the lease that runs.
 */
final class Runner implements Subscription.Steps {

    private static final Logger LOG = Logger.getLogger(Runner.class);

    private final Subscriber subscriber;
    private final Tools tools;
    private final BackOff backOff;

    private final StallRecord errors;
    private final ParkedGauge gauge;

    private ParkedKeys parked = new ParkedKeys(Map.of());

    /** Where the stored checkpoint is at least, unless PostgreSQL has lost something. */
    private GlobalPosition stored = GlobalPosition.BEGINNING;

    /** When it was saved last, whatever for. */
    private long savedNanos = System.nanoTime();

    Runner(Subscriber subscriber, Tools tools) {
        this.subscriber = subscriber;
        this.tools = tools;
        this.backOff = new BackOff(tools.config().retryMin(), tools.config().retryMax());
        this.errors = new StallRecord(tools.checkpoints());
        this.gauge = new ParkedGauge(tools.registry());
    }

    /** What every runner needs. */
    record Tools(
            EventLog log,
            Head head,
            Tail tail,
            Checkpoints checkpoints,
            LeaseTable leases,
            ParkedTable parked,
            SubscriptionConfig config,
            Parking.Limits parkedLimits,
            MeterRegistry registry) {}

    @Override
    public Uni<Outcome> run(Lease lease, GlobalPosition cursor, Phase phase) {
        return switch (phase) {
            case Phase.Resuming() -> resume(lease, cursor);
            case Phase.Retrying() -> retry(lease, cursor);
            case Phase.CatchingUp() -> catchUp(lease, cursor);
            case Phase.Live() ->
                    tools.tail().beyond(new Reached(lease, stored, cursor), subscriber.filter());
            case Phase.Pausing(int failures, var because) -> pause(lease, failures, because);
        };
    }

    @Override
    public Uni<Void> release(Lease lease) {
        gauge.end(lease);
        return subscriber
                .release()
                .onFailure()
                .recoverWithNull()
                .chain(() -> tools.leases().release(lease))
                .ifNoItem()
                .after(tools.config().endTimeout())
                .fail();
    }

    private Uni<Outcome> resume(Lease lease, GlobalPosition checkpoint) {
        return subscriber
                .resume(lease, checkpoint)
                .chain(
                        resumed ->
                                tools.parked()
                                        .release(lease, resumed.released())
                                        .chain(() -> readParked(lease, resumed.position())))
                .invoke(() -> stored = checkpoint);
    }

    private Uni<Outcome> readParked(Lease lease, GlobalPosition from) {
        return readParked(
                lease,
                from,
                keys -> {
                    errors.begin();
                    LOG.infof("running %s from position %s", lease.subscription(), from);
                    return new Outcome.Resumed(from, !keys.toRetry().isEmpty());
                });
    }

    private Uni<Outcome> readParked(
            Lease lease, GlobalPosition position, Function<ParkedKeys, Outcome> outcome) {
        return tools.parked()
                .resume(lease, position)
                .map(
                        found ->
                                found.map(
                                                keys -> {
                                                    parked = keys;
                                                    gauge.show(lease, keys.size());
                                                    return outcome.apply(keys);
                                                })
                                        .orElseGet(Outcome.LeaseLost::new));
    }

    private Uni<Outcome> catchUp(Lease lease, GlobalPosition cursor) {
        return tools.tail()
                .slice(cursor, subscriber.filter(), subscriber.batchEvents())
                .map(slice -> handleNext(lease, cursor, slice))
                .orElseGet(() -> readNext(lease, cursor));
    }

    private Uni<Outcome> readNext(Lease lease, GlobalPosition cursor) {
        GlobalPosition known = tools.head().known();
        // Only a replica that has not read the head since the checkpoint was written knows less.
        Uni<GlobalPosition> end =
                known.value() > cursor.value() ? Uni.createFrom().item(known) : tools.head().read();
        return end.chain(newest -> readNext(lease, cursor, newest));
    }

    private Uni<Outcome> readNext(Lease lease, GlobalPosition cursor, GlobalPosition newest) {
        if (cursor.reached(newest)) {
            return errors.clear(lease).replaceWith(new Outcome.AtHead(cursor));
        }
        long furthest = cursor.value() + tools.config().sliceMaxPositions();
        GlobalPosition upTo = new GlobalPosition(Math.min(newest.value(), furthest));
        return tools.log()
                .slice(cursor, upTo, subscriber.filter(), subscriber.batchEvents())
                .chain(read -> handleNext(lease, cursor, Slice.next(read)));
    }

    private Uni<Outcome> handleNext(Lease lease, GlobalPosition cursor, Slice slice) {
        if (slice.reached().equals(cursor)) {
            return errors.clear(lease).replaceWith(new Outcome.AtHead(cursor));
        }
        if (slice.parts().isEmpty()) {
            return pass(lease, slice.reached());
        }
        Parking parking = new Parking(parked, List.of(), tools.parkedLimits());
        return handled(lease, slice, parking)
                .chain(
                        handled ->
                                switch (handled) {
                                    case Handled.Done(var reached) ->
                                            errors.clear(lease)
                                                    .replaceWith(new Outcome.Moved(reached));
                                    case Handled.Stuck(_, var because) ->
                                            Uni.createFrom().item(new Outcome.Failed(because));
                                    case Handled.Fenced() ->
                                            Uni.createFrom().item(new Outcome.Fenced());
                                });
    }

    /** Nothing up to here concerns the subscription: that needs no saving each time. */
    private Uni<Outcome> pass(Lease lease, GlobalPosition reached) {
        Outcome moved = new Outcome.Moved(reached);
        if (System.nanoTime() - savedNanos < tools.config().unmatchedInterval().toNanos()) {
            return Uni.createFrom().item(moved);
        }
        return tools.checkpoints()
                .save(lease, stored, GlobalPosition.LAST, reached)
                .invoke(saved -> stored = saved ? reached : stored)
                .call(saved -> saved ? saved(reached) : Uni.createFrom().voidItem())
                .map(saved -> saved ? moved : new Outcome.Fenced());
    }

    private Uni<Outcome> retry(Lease lease, GlobalPosition cursor) {
        return tools.parked()
                .toRetry(lease)
                .chain(
                        waiting ->
                                waiting.isEmpty()
                                        ? retried(lease, cursor, true)
                                        : retry(lease, cursor, waiting));
    }

    private Uni<Outcome> retry(Lease lease, GlobalPosition cursor, List<Waiting> waiting) {
        Parking parking = new Parking(parked, waiting, tools.parkedLimits());
        Map<GlobalPosition, Set<String>> wanted = parking.keysToRetry();
        if (wanted.isEmpty()) {
            return released(lease, cursor, parking.upTo(GlobalPosition.BEGINNING));
        }
        return tools.log()
                .events(List.copyOf(wanted.keySet()))
                .chain(events -> retry(lease, cursor, events, wanted, parking));
    }

    private Uni<Outcome> retry(
            Lease lease,
            GlobalPosition cursor,
            List<RecordedEvent> events,
            Map<GlobalPosition, Set<String>> wanted,
            Parking parking) {
        // A publication that was changed may not be about all of them any more.
        List<RecordedEvent> concerning =
                events.stream().filter(subscriber.filter()::matches).toList();
        if (concerning.isEmpty()) {
            return released(lease, cursor, parking.upTo(events.getLast().position()));
        }
        return handled(lease, Slice.retry(concerning, wanted, cursor), parking)
                .chain(
                        handled ->
                                switch (handled) {
                                    case Handled.Done _ -> retried(lease, cursor, true);
                                    case Handled.Stuck(_, var because) ->
                                            Uni.createFrom().item(new Outcome.Failed(because));
                                    case Handled.Fenced() -> retried(lease, cursor, false);
                                });
    }

    private Uni<Outcome> released(Lease lease, GlobalPosition cursor, ParkingChange change) {
        return tools.parked().park(lease, change).chain(held -> retried(lease, cursor, held));
    }

    /** What is parked by now is read again: others may have asked for more meanwhile. */
    private Uni<Outcome> retried(Lease lease, GlobalPosition cursor, boolean held) {
        return held
                ? readParked(lease, cursor, keys -> new Outcome.Retried(!keys.toRetry().isEmpty()))
                : Uni.createFrom().item(new Outcome.Fenced());
    }

    private Uni<Handled> handled(Lease lease, Slice slice, Parking parking) {
        return errors.watch(
                        lease,
                        subscriber.handle(lease, slice.storedAt(stored), parking),
                        tools.config().stalledAfter())
                .call(handled -> takeEffect(slice, parking, handled))
                .invoke(_ -> gauge.show(lease, parked.size()));
    }

    private Uni<Void> takeEffect(Slice slice, Parking parking, Handled handled) {
        return switch (handled) {
            case Handled.Done(var reached) -> takeEffect(slice, parking, reached);
            case Handled.Stuck(var reached, _) -> takeEffect(slice, parking, reached);
            case Handled.Fenced() -> Uni.createFrom().voidItem();
        };
    }

    private Uni<Void> takeEffect(Slice slice, Parking parking, GlobalPosition reached) {
        parking.upTo(reached).applyTo(parked);
        if (slice.retry()) {
            return Uni.createFrom().voidItem();
        }
        if (subscriber.storesCheckpoint()) {
            stored = reached;
        }
        return saved(reached);
    }

    private Uni<Void> saved(GlobalPosition checkpoint) {
        savedNanos = System.nanoTime();
        return subscriber.moved(checkpoint);
    }

    /**
     * Pauses, longer after each failure, and says why. What the subscriber holds is let go of
     * before the checkpoint is read, for that may still move it.
     */
    private Uni<Outcome> pause(Lease lease, int failures, @Nullable String because) {
        Uni<Void> noted =
                because == null ? Uni.createFrom().voidItem() : errors.note(lease, because);
        return noted.chain(subscriber::release)
                .onItem()
                .delayIt()
                .by(backOff.pause(failures, RandomGenerator.getDefault()))
                .chain(() -> tools.checkpoints().reread(lease))
                .map(
                        found ->
                                found.<Outcome>map(
                                                now ->
                                                        new Outcome.Reread(
                                                                now.lease(), now.checkpoint()))
                                        .orElseGet(Outcome.LeaseLost::new));
    }
}
