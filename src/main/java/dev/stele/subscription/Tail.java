package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.RecordedEvent;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.subscription.Checkpoints.Reached;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of the log, read once by this replica for all of its subscriptions that keep
 * up, whoever appended them.
 *
 * <p>A subscription that has handled everything waits here ({@link #beyond}), and is woken by the
 * first event that concerns it; one that does not concern it costs it nothing, not even a look. A
 * subscription that falls behind what is kept here reads the database by itself: the tail never
 * waits for anybody. While nobody waits, nothing is read.
 */
@ApplicationScoped
class Tail {

    private final EventLog log;
    private final Head head;
    private final SubscriptionConfig config;
    private final BackOff backOff;
    private final TailEvents events;
    private final Followers followers = new Followers();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private boolean reading;

    Tail(EventLog log, Head head, SubscriptionConfig config) {
        this.log = log;
        this.head = head;
        this.config = config;
        this.backOff = new BackOff(config.retryMin(), config.retryMax());
        this.events = new TailEvents(config.tailMaxEvents(), config.tailMaxBytes());
    }

    /** Somebody who waits, and how far it is: nothing up to there is left for it to handle. */
    record Follower(Reached at, EventFilter filter, UniEmitter<? super Outcome> emitter) {

        GlobalPosition from() {
            return at.position();
        }

        boolean wants(RecordedEvent event) {
            return event.position().value() > from().value() && filter.matches(event);
        }

        /** Nothing at or below the position is left to handle. */
        void wake(GlobalPosition position) {
            emitter.complete(new Outcome.Woken(position));
        }
    }

    /** The next matching events behind a position; empty when they are not all here. */
    synchronized Optional<Slice> slice(GlobalPosition after, EventFilter filter, int limit) {
        return events.covers(after)
                ? Optional.of(events.slice(after, filter, limit))
                : Optional.empty();
    }

    /**
     * Waits for an event that a subscription wants.
     *
     * @param at the subscription that waits, and how far it is
     * @return from where to go on; or that its checkpoint is not where it thinks ({@link #fence})
     */
    Uni<Outcome> beyond(Reached at, EventFilter filter) {
        return Uni.createFrom().emitter(emitter -> follow(new Follower(at, filter, emitter)));
    }

    /** How far those that wait are by now, without having been woken. */
    synchronized List<Reached> resting() {
        List<Reached> resting = new ArrayList<>();
        for (Follower follower : followers.all()) {
            Reached at = follower.at();
            resting.add(
                    new Reached(
                            at.lease(),
                            at.atLeast(),
                            GlobalPosition.later(at.position(), events.last())));
        }
        return resting;
    }

    /** The checkpoint of somebody who waits under this lease is not where it thinks. */
    void fence(Lease lease) {
        List<Follower> fenced;
        synchronized (this) {
            fenced =
                    followers.all().stream()
                            .filter(each -> each.at().lease().equals(lease))
                            .toList();
        }
        fenced.forEach(each -> each.emitter().complete(new Outcome.Fenced()));
    }

    private void follow(Follower follower) {
        GlobalPosition ready;
        boolean begin;
        synchronized (this) {
            if (followers.isEmpty() && follower.from().value() > events.last().value()) {
                events.beginAfter(follower.from());
            }
            ready = whereToGoOn(follower);
            begin = ready == null && !reading;
            if (ready == null) {
                followers.add(follower);
                reading = true;
            }
        }
        if (ready != null) {
            follower.wake(ready);
            return;
        }
        follower.emitter().onTermination(() -> forget(follower));
        if (begin) {
            readOn(0);
        }
    }

    /** Null when there is nothing for it yet. */
    private @Nullable GlobalPosition whereToGoOn(Follower follower) {
        if (follower.from().reached(events.last())) {
            return null;
        }
        if (!events.covers(follower.from())) {
            return follower.from();
        }
        Slice next = events.slice(follower.from(), follower.filter(), 1);
        return next.parts().isEmpty() ? null : next.checkpointAtMost();
    }

    private synchronized void forget(Follower follower) {
        followers.remove(follower);
    }

    /** Reads until nobody waits any more. */
    private void readOn(int failures) {
        Uni<Void> pause = Uni.createFrom().voidItem();
        if (failures > 0) {
            pause = pause.onItem().delayIt().by(backOff.pause(failures, random));
        }
        pause.chain(() -> head.beyond(last()))
                .chain(this::read)
                .subscribe()
                .with(_ -> goOn(0), _ -> goOn(failures + 1));
    }

    private void goOn(int failures) {
        if (isWaitedFor()) {
            readOn(failures);
        }
    }

    private synchronized GlobalPosition last() {
        return events.last();
    }

    private synchronized boolean isWaitedFor() {
        reading = !followers.isEmpty();
        return reading;
    }

    private Uni<Void> read(GlobalPosition newest) {
        GlobalPosition from = last();
        if (from.reached(newest)) {
            return Uni.createFrom().voidItem();
        }
        if (newest.value() - from.value() > config.tailMaxEvents()) {
            wake(jumpTo(newest));
            return Uni.createFrom().voidItem();
        }
        return log.slice(from, newest, EventFilter.ALL, config.tailReadEvents())
                .invoke(slice -> wake(take(slice)))
                .replaceWithVoid();
    }

    /** So much came at once that everybody reads for himself what concerns him. */
    private synchronized List<Runnable> jumpTo(GlobalPosition newest) {
        GlobalPosition passed = events.last();
        events.beginAfter(newest);
        List<Runnable> woken = new ArrayList<>();
        for (Follower follower : List.copyOf(followers.all())) {
            if (!follower.from().reached(newest)) {
                followers.remove(follower);
                woken.add(() -> follower.wake(GlobalPosition.later(follower.from(), passed)));
            }
        }
        return woken;
    }

    private synchronized List<Runnable> take(EventLog.Slice slice) {
        List<Runnable> woken = new ArrayList<>();
        for (RecordedEvent event : slice.events()) {
            // Somebody who came from further on may have begun the tail anew meanwhile.
            if (event.position().value() != events.last().value() + 1) {
                continue;
            }
            events.add(new SharedEvent(event));
            GlobalPosition before = new GlobalPosition(event.position().value() - 1);
            for (Follower follower : followers.wanting(event)) {
                followers.remove(follower);
                woken.add(() -> follower.wake(before));
            }
        }
        return woken;
    }

    /** Outside the lock, for what they do at once is their affair. */
    private static void wake(List<Runnable> woken) {
        woken.forEach(Runnable::run);
    }
}
