package dev.stele.subscription;

import dev.stele.event.Landmark;
import dev.stele.postgres.DatabaseFailure;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of this replica, as an actor: it is told what happened, one thing at a time, and
 * moves through the states of the package's picture. Nobody else touches its state, and at most one
 * step of its work is under way.
 *
 * <p>What is told of an older lease, or of a step that was given up, is ignored. A lease that is
 * won while the one before is let go of waits for that: the two never overlap.
 */
final class Subscription {

    private final Steps steps;
    private final Queue<Message> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unread = new AtomicInteger();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile State state = new State.Idle();
    private @Nullable Cancellable underWay;
    private long lastStep;

    /** Of the leases that began; one that is not newer is news of the past. */
    private long newestEpoch;

    Subscription(Steps steps) {
        this.steps = steps;
    }

    /** What the actor has done for it. */
    interface Steps {

        /** Does what a phase asks for. What it fails with is retried. */
        Uni<Outcome> run(Lease lease, Landmark cursor, Phase phase);

        /** Lets go of everything, of the lease last; done when all is gone. Bounded in time. */
        Uni<Void> release(Lease lease);
    }

    /** What the actor is told. */
    sealed interface Message {
        record Won(Lease lease, Landmark checkpoint) implements Message {}

        record Lost(long epoch) implements Message {}

        record RetryWanted() implements Message {}

        record StepDone(long step, Outcome outcome) implements Message {}

        record ReleaseDone() implements Message {}

        record Stop() implements Message {}
    }

    sealed interface State {
        /** Without a lease. */
        record Idle() implements State {}

        /**
         * Under a lease.
         *
         * @param step the one that is under way
         * @param retry whether parked keys are to be tried after it
         * @param failures in a row
         */
        record Running(
                Lease lease, Landmark cursor, Phase phase, long step, boolean retry, int failures)
                implements State {}

        /** Letting go of a lease; {@code next} is one that was won meanwhile. */
        record Releasing(Message.@Nullable Won next) implements State {}

        /** Letting go for good. */
        record Stopping() implements State {}

        /** Nothing more happens. */
        record Stopped() implements State {}
    }

    State state() {
        return state;
    }

    /** Done when it has stopped, and let go of its lease. */
    Uni<Void> stopped() {
        return Uni.createFrom().completionStage(stopped);
    }

    /** Tells it something; what comes of that may happen on this thread or another. */
    void tell(Message message) {
        mailbox.add(message);
        if (unread.getAndIncrement() == 0) {
            do {
                state = next(state, mailbox.remove());
            } while (unread.decrementAndGet() > 0);
        }
    }

    private State next(State now, Message message) {
        return switch (message) {
            case Message.Won won -> won(now, won);
            case Message.Lost(long epoch) -> lost(now, epoch);
            case Message.RetryWanted() -> retryWanted(now);
            case Message.StepDone(long step, var outcome) ->
                    now instanceof State.Running running && running.step() == step
                            ? after(running, outcome)
                            : now;
            case Message.ReleaseDone() -> released(now);
            case Message.Stop() -> stop(now);
        };
    }

    private State won(State now, Message.Won won) {
        long epoch = won.lease().epoch();
        return switch (now) {
            case State.Idle() when epoch > newestEpoch -> begin(won);
            case State.Running running when running.lease().epoch() < epoch ->
                    release(running.lease(), new State.Releasing(won));
            case State.Releasing(var next)
                    when epoch > newestEpoch && (next == null || next.lease().epoch() < epoch) ->
                    new State.Releasing(won);
            case State.Idle _,
                    State.Running _,
                    State.Releasing _,
                    State.Stopping _,
                    State.Stopped _ ->
                    now;
        };
    }

    private State lost(State now, long epoch) {
        return switch (now) {
            case State.Running running when running.lease().epoch() == epoch ->
                    release(running.lease(), new State.Releasing(null));
            case State.Releasing(var next) when next != null && next.lease().epoch() == epoch ->
                    new State.Releasing(null);
            case State.Idle _,
                    State.Running _,
                    State.Releasing _,
                    State.Stopping _,
                    State.Stopped _ ->
                    now;
        };
    }

    /** A wait for events ends at once; work is not disturbed. */
    private State retryWanted(State now) {
        return switch (now) {
            case State.Running running when running.phase() instanceof Phase.Live -> {
                cancelStep();
                yield phase(running, running.cursor(), new Phase.Retrying(), running.failures());
            }
            case State.Running(var lease, var cursor, var phase, long step, _, int failures) ->
                    new State.Running(lease, cursor, phase, step, true, failures);
            // Whoever resumes finds what is to be tried.
            case State.Idle _, State.Releasing _, State.Stopping _, State.Stopped _ -> now;
        };
    }

    private State released(State now) {
        return switch (now) {
            case State.Releasing(var next) -> next == null ? new State.Idle() : begin(next);
            case State.Stopping() -> {
                stopped.complete(null);
                yield new State.Stopped();
            }
            case State.Idle _, State.Running _, State.Stopped _ -> now;
        };
    }

    private State stop(State now) {
        return switch (now) {
            case State.Idle() -> {
                stopped.complete(null);
                yield new State.Stopped();
            }
            case State.Running running -> release(running.lease(), new State.Stopping());
            case State.Releasing _ -> new State.Stopping();
            case State.Stopping _, State.Stopped _ -> now;
        };
    }

    private State after(State.Running running, Outcome outcome) {
        Landmark cursor = running.cursor();
        return switch (outcome) {
            case Outcome.Resumed(var from, boolean retry) ->
                    phase(running, from, onwards(retry || running.retry()), running.failures());
            // The other keys do not wait until all is tried again.
            case Outcome.Retried(boolean more) ->
                    step(
                            running.lease(),
                            cursor,
                            new Phase.CatchingUp(),
                            more || running.retry(),
                            0);
            case Outcome.Moved(var to) -> phase(running, to, onwards(running.retry()), 0);
            case Outcome.AtHead(var at) ->
                    phase(
                            running,
                            at,
                            running.retry() ? new Phase.Retrying() : new Phase.Live(),
                            0);
            case Outcome.Woken(var from) -> phase(running, from, new Phase.CatchingUp(), 0);
            case Outcome.Failed(var because) -> {
                int failures = running.failures() + 1;
                yield phase(running, cursor, new Phase.Pausing(failures, because), failures);
            }
            case Outcome.Fenced() ->
                    phase(running, cursor, new Phase.Pausing(1, null), running.failures());
            case Outcome.Reread(var lease, var checkpoint) ->
                    step(lease, checkpoint, new Phase.Resuming(), false, running.failures());
            case Outcome.LeaseLost() -> release(running.lease(), new State.Releasing(null));
        };
    }

    private static Phase onwards(boolean retry) {
        return retry ? new Phase.Retrying() : new Phase.CatchingUp();
    }

    private State begin(Message.Won won) {
        return step(won.lease(), won.checkpoint(), new Phase.Resuming(), false, 0);
    }

    private State phase(State.Running running, Landmark cursor, Phase phase, int failures) {
        return step(running.lease(), cursor, phase, false, failures);
    }

    private State step(Lease lease, Landmark cursor, Phase phase, boolean retry, int failures) {
        newestEpoch = Math.max(newestEpoch, lease.epoch());
        long step = ++lastStep;
        underWay =
                Uni.createFrom()
                        .deferred(() -> steps.run(lease, cursor, phase))
                        .onFailure()
                        .recoverWithItem(
                                failure -> new Outcome.Failed(DatabaseFailure.describe(failure)))
                        .subscribe()
                        .with(outcome -> tell(new Message.StepDone(step, outcome)));
        return new State.Running(lease, cursor, phase, step, retry, failures);
    }

    private State release(Lease lease, State next) {
        cancelStep();
        Uni.createFrom()
                .deferred(() -> steps.release(lease))
                .onFailure()
                .recoverWithNull()
                .subscribe()
                .with(_ -> tell(new Message.ReleaseDone()));
        return next;
    }

    private void cancelStep() {
        if (underWay != null) {
            underWay.cancel();
            underWay = null;
        }
    }
}
