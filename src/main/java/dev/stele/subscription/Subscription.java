package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.postgres.DatabaseFailure;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs one subscriber while this replica holds its lease. The states are those of the package's
 * picture.
 */
final class Subscription {

    private static final Logger LOG = Logger.getLogger(Subscription.class);

    private final Subscriber subscriber;
    private final EventLog log;
    private final Head head;
    private final Checkpoints checkpoints;
    private final SubscriptionConfig config;

    private volatile State state = new State.Idle();
    private @Nullable Cancellable running;
    private volatile @Nullable String lastError;

    /** Whether the row may name an error: of an earlier owner, until something was cleared. */
    private volatile boolean errorRecorded = true;

    private Duration pause = Duration.ZERO;

    Subscription(
            Subscriber subscriber,
            EventLog log,
            Head head,
            Checkpoints checkpoints,
            SubscriptionConfig config) {
        this.subscriber = subscriber;
        this.log = log;
        this.head = head;
        this.checkpoints = checkpoints;
        this.config = config;
    }

    private sealed interface State {
        /** Without a lease. */
        record Idle() implements State {}

        /** The subscriber gets ready and says where it stands. */
        record Resuming(Lease lease) implements State {}

        /** There are events behind the checkpoint, or may be. */
        record CatchingUp(Lease lease) implements State {}

        /** Everything known is handled. */
        record Live(Lease lease) implements State {}

        /** Something failed; {@code pause} from now the stored checkpoint is read again. */
        record Recovering(Lease lease, Duration pause) implements State {}
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** The lease that it runs under; null when idle. */
    @Nullable Lease lease() {
        return switch (state) {
            case State.Idle() -> null;
            case State.Resuming(var lease) -> lease;
            case State.CatchingUp(var lease) -> lease;
            case State.Live(var lease) -> lease;
            case State.Recovering(var lease, _) -> lease;
        };
    }

    /** Starts to run. Only the lease keeper calls this and {@link #stop}, one at a time. */
    void start(Lease lease) {
        stop();
        LOG.infof("running %s from position %s", lease.subscription(), lease.checkpoint());
        state = new State.Resuming(lease);
        forgetError();
        errorRecorded = true;
        running =
                Multi.createBy()
                        .repeating()
                        .uni(() -> step(state))
                        .until(next -> next instanceof State.Idle)
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.errorf(bug, "%s ended", lease.subscription()));
    }

    /** Stops at once; a write that is on its way is guarded by its epoch. */
    void stop() {
        if (running != null) {
            running.cancel();
            running = null;
            subscriber.release();
        }
        state = new State.Idle();
    }

    private Uni<State> step(State now) {
        Uni<State> next =
                switch (now) {
                    case State.Idle() -> Uni.createFrom().item(now);
                    case State.Resuming(var lease) -> resume(lease);
                    case State.CatchingUp(var lease) -> catchUp(lease);
                    case State.Live(var lease) ->
                            head.beyond(lease.checkpoint()).map(_ -> new State.CatchingUp(lease));
                    case State.Recovering(var lease, var pause) -> recover(lease, pause);
                };
        return next.invoke(this::enter);
    }

    /** A step that was cancelled must not bring a stopped subscription back. */
    private void enter(State next) {
        if (!(state instanceof State.Idle)) {
            state = next;
        }
    }

    private Uni<State> resume(Lease lease) {
        return subscriber
                .resume(lease)
                .<State>map(from -> new State.CatchingUp(lease.at(from)))
                .onFailure()
                .recoverWithUni(failure -> pauseAfter(lease, DatabaseFailure.describe(failure)));
    }

    private Uni<State> catchUp(Lease lease) {
        GlobalPosition known = head.known();
        // Only a replica that has not read the head since the checkpoint was written knows less.
        Uni<GlobalPosition> end =
                known.reached(lease.checkpoint()) && !known.equals(GlobalPosition.BEGINNING)
                        ? Uni.createFrom().item(known)
                        : head.read();
        return end.chain(newest -> advance(lease, newest))
                .onFailure()
                .recoverWithUni(failure -> pauseAfter(lease, DatabaseFailure.describe(failure)));
    }

    private Uni<State> advance(Lease lease, GlobalPosition newest) {
        if (lease.checkpoint().reached(newest)) {
            return cleared(lease).map(_ -> new State.Live(lease));
        }
        long furthest = lease.checkpoint().value() + config.sliceMaxPositions();
        GlobalPosition upTo = new GlobalPosition(Math.min(newest.value(), furthest));
        return log.slice(lease.checkpoint(), upTo, subscriber.filter(), subscriber.batchEvents())
                .chain(slice -> watched(lease, subscriber.handle(lease, slice)))
                .chain(handled -> after(lease, handled));
    }

    /** Says so when handling takes long, e.g. because a broker is away; waits all the same. */
    private Uni<Handled> watched(Lease lease, Uni<Handled> handling) {
        Cancellable watch =
                Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(config.stalledAfter())
                        .chain(() -> noteError(lease, "no answer for " + config.stalledAfter()))
                        .subscribe()
                        .with(_ -> {}, _ -> {});
        return handling.onTermination().invoke(watch::cancel);
    }

    private Uni<State> after(Lease lease, Handled handled) {
        return switch (handled) {
            case Handled.Done(var checkpoint) ->
                    cleared(lease).map(_ -> new State.CatchingUp(lease.at(checkpoint)));
            case Handled.Stuck(var checkpoint, var because) ->
                    pauseAfter(lease.at(checkpoint), because);
            case Handled.Fenced() ->
                    Uni.createFrom().item(new State.Recovering(lease, config.retryMin()));
        };
    }

    /** Pauses, longer each time until something is handled again, and says why. */
    private Uni<State> pauseAfter(Lease lease, String error) {
        pause =
                pause.isZero()
                        ? config.retryMin()
                        : shorter(pause.multipliedBy(2), config.retryMax());
        return noteError(lease, error).map(_ -> new State.Recovering(lease, pause));
    }

    /** Records why it does not move; the log gets one line for each reason. */
    private Uni<Void> noteError(Lease lease, String error) {
        if (!Objects.equals(error, lastError)) {
            LOG.warnf("%s does not move: %s", lease.subscription(), error);
            lastError = error;
        }
        errorRecorded = true;
        return checkpoints.saveError(lease, error).onFailure().recoverWithNull();
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private Uni<State> recover(Lease lease, Duration after) {
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(after)
                .chain(_ -> checkpoints.reread(lease))
                .<State>map(
                        reread -> reread.<State>map(State.Resuming::new).orElseGet(State.Idle::new))
                .onFailure()
                .recoverWithUni(failure -> pauseAfter(lease, DatabaseFailure.describe(failure)));
    }

    /** Takes the recorded error back, once it moves again. */
    private Uni<Void> cleared(Lease lease) {
        if (!errorRecorded) {
            return Uni.createFrom().voidItem();
        }
        return checkpoints
                .saveError(lease, null)
                .invoke(() -> errorRecorded = false)
                .invoke(this::forgetError);
    }

    private void forgetError() {
        lastError = null;
        pause = Duration.ZERO;
    }
}
