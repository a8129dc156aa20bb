package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.RecordedEvent;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.subscription.Checkpoints.Reached;
import dev.stele.subscription.Parking.Waiting;
import dev.stele.subscription.SliceReader.Behind;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
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
    private final SliceReader reader;
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
        this.reader = new SliceReader(tools.log(), tools.head(), tools.tail(), tools.config());
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
    public Uni<Outcome> run(Lease lease, Landmark cursor, Phase phase) {
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

    private Uni<Outcome> resume(Lease lease, Landmark checkpoint) {
        return tools.head()
                .find(checkpoint)
                .chain(found -> subscriber.resume(lease, found))
                .chain(
                        resumed ->
                                tools.parked()
                                        .release(lease, resumed.released())
                                        .chain(() -> readParked(lease, resumed.checkpoint())))
                .invoke(() -> stored = checkpoint.position());
    }

    private Uni<Outcome> readParked(Lease lease, Landmark from) {
        return readParked(
                lease,
                from.position(),
                keys -> {
                    errors.begin();
                    LOG.infof("running %s from position %s", lease.subscription(), from.position());
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

    private Uni<Outcome> catchUp(Lease lease, Landmark cursor) {
        return reader.read(cursor, subscriber.filter(), subscriber.batchEvents())
                .chain(
                        behind ->
                                switch (behind) {
                                    case Behind.Next(var slice) -> handleNext(lease, cursor, slice);
                                    case Behind.Nothing() ->
                                            errors.clear(lease)
                                                    .replaceWith(new Outcome.AtHead(cursor));
                                    // Whoever resumes looks for the stored checkpoint's event.
                                    case Behind.PutBack() ->
                                            Uni.createFrom().item(new Outcome.Fenced());
                                });
    }

    private Uni<Outcome> handleNext(Lease lease, Landmark cursor, Slice slice) {
        if (slice.parts().isEmpty()) {
            return pass(lease, slice.end());
        }
        Parking parking = new Parking(parked, List.of(), tools.parkedLimits());
        return handled(lease, slice, parking)
                .chain(
                        handled ->
                                switch (handled) {
                                    case Handled.Done(var reached) ->
                                            errors.clear(lease)
                                                    .replaceWith(
                                                            new Outcome.Moved(
                                                                    slice.checkpointAt(reached)
                                                                            .orElse(cursor)));
                                    case Handled.Stuck(_, var because) ->
                                            Uni.createFrom().item(new Outcome.Failed(because));
                                    case Handled.Fenced() ->
                                            Uni.createFrom().item(new Outcome.Fenced());
                                });
    }

    /** Nothing up to here concerns the subscription: that needs no saving each time. */
    private Uni<Outcome> pass(Lease lease, Landmark reached) {
        Outcome moved = new Outcome.Moved(reached);
        if (System.nanoTime() - savedNanos < tools.config().unmatchedInterval().toNanos()) {
            return Uni.createFrom().item(moved);
        }
        return tools.checkpoints()
                .save(lease, stored, GlobalPosition.LAST, reached)
                .invoke(saved -> stored = saved ? reached.position() : stored)
                .call(saved -> saved ? saved(reached.position()) : Uni.createFrom().voidItem())
                .map(saved -> saved ? moved : new Outcome.Fenced());
    }

    private Uni<Outcome> retry(Lease lease, Landmark cursor) {
        return tools.parked()
                .toRetry(lease)
                .chain(
                        waiting ->
                                waiting.isEmpty()
                                        ? retried(lease, cursor, true)
                                        : retry(lease, cursor, waiting));
    }

    private Uni<Outcome> retry(Lease lease, Landmark cursor, List<Waiting> waiting) {
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
            Landmark cursor,
            List<RecordedEvent> events,
            Map<GlobalPosition, Set<String>> wanted,
            Parking parking) {
        // A publication that was changed may not be about all of them any more.
        List<RecordedEvent> concerning =
                events.stream().filter(subscriber.filter()::matches).toList();
        if (concerning.isEmpty()) {
            // None at all is left when the log was put back.
            GlobalPosition end =
                    events.isEmpty()
                            ? Collections.max(wanted.keySet())
                            : events.getLast().position();
            return released(lease, cursor, parking.upTo(end));
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

    private Uni<Outcome> released(Lease lease, Landmark cursor, ParkingChange change) {
        return tools.parked().park(lease, change).chain(held -> retried(lease, cursor, held));
    }

    /** What is parked by now is read again: others may have asked for more meanwhile. */
    private Uni<Outcome> retried(Lease lease, Landmark cursor, boolean held) {
        return held
                ? readParked(
                        lease,
                        cursor.position(),
                        keys -> new Outcome.Retried(!keys.toRetry().isEmpty()))
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
        GlobalPosition checkpoint =
                slice.checkpointAt(reached).map(Landmark::position).orElse(stored);
        if (subscriber.storesCheckpoint()) {
            stored = checkpoint;
        }
        return saved(checkpoint);
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
