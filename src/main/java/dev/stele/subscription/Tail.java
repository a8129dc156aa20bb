package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
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
 *
 * <p>When the log was put back, it begins anew, and lets go of all that wait: each looks for the
 * event at its own checkpoint.
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
        head.onAnew(() -> wake(letGo()));
    }

    /** Somebody who waits, and how far it is: nothing up to there is left for it to handle. */
    record Follower(Reached at, EventFilter filter, UniEmitter<? super Outcome> emitter) {

        Landmark from() {
            return at.landmark();
        }

        boolean wants(RecordedEvent event) {
            return event.position().value() > at.position().value() && filter.matches(event);
        }

        /** Nothing up to the event is left to handle. */
        void wake(Landmark event) {
            emitter.complete(new Outcome.Woken(event));
        }
    }

    /** The next matching events behind another one; empty when they are not all here. */
    synchronized Optional<Slice> slice(Landmark after, EventFilter filter, int limit) {
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
                            Landmark.later(at.landmark(), events.last())));
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

    /** All that is here may be gone, and so may be where those are that wait. */
    private synchronized List<Runnable> letGo() {
        events.beginAfter(Landmark.BEGINNING);
        List<Runnable> fenced = new ArrayList<>();
        for (Follower follower : followers.all()) {
            fenced.add(() -> follower.emitter().complete(new Outcome.Fenced()));
        }
        return fenced;
    }

    private void follow(Follower follower) {
        Landmark ready;
        boolean begin;
        synchronized (this) {
            if (followers.isEmpty()
                    && !events.last().position().reached(follower.at().position())) {
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
    private @Nullable Landmark whereToGoOn(Follower follower) {
        if (follower.at().position().reached(events.last().position())) {
            return null;
        }
        if (!events.covers(follower.from())) {
            return follower.from();
        }
        Slice next = events.slice(follower.from(), follower.filter(), 1);
        return next.parts().isEmpty() ? null : events.landmark(next.checkpointAtMost().value());
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
        pause.chain(() -> head.beyond(last().position()))
                .chain(this::read)
                .subscribe()
                .with(_ -> goOn(0), _ -> goOn(failures + 1));
    }

    private void goOn(int failures) {
        if (isWaitedFor()) {
            readOn(failures);
        }
    }

    private synchronized Landmark last() {
        return events.last();
    }

    private synchronized boolean isWaitedFor() {
        reading = !followers.isEmpty();
        return reading;
    }

    private Uni<Void> read(GlobalPosition newest) {
        Landmark from = last();
        if (from.position().reached(newest)) {
            return Uni.createFrom().voidItem();
        }
        boolean far = newest.value() - from.position().value() > config.tailMaxEvents();
        // What is far is jumped over: only the event at its end is read.
        GlobalPosition after = new GlobalPosition(newest.value() - 1);
        return far
                ? log.slice(Landmark.unnamed(after), newest, EventFilter.ALL, 1)
                        .invoke(next -> wake(jump(next)))
                        .replaceWithVoid()
                : log.slice(from, newest, EventFilter.ALL, config.tailReadEvents())
                        .invoke(next -> wake(take(from, next)))
                        .replaceWithVoid();
    }

    /** So much came at once that everybody reads for himself what concerns him. */
    private synchronized List<Runnable> jump(EventLog.Next next) {
        return switch (next) {
            case EventLog.PutBack() -> letGo();
            case EventLog.Slice slice -> {
                Landmark passed = events.last();
                events.beginAfter(slice.end());
                List<Runnable> woken = new ArrayList<>();
                for (Follower follower : List.copyOf(followers.all())) {
                    if (!follower.at().position().reached(slice.reached())) {
                        followers.remove(follower);
                        woken.add(() -> follower.wake(Landmark.later(follower.from(), passed)));
                    }
                }
                yield woken;
            }
        };
    }

    private synchronized List<Runnable> take(Landmark from, EventLog.Next next) {
        return switch (next) {
            case EventLog.PutBack() -> letGo();
            // Somebody who came from further on may have begun the tail anew meanwhile.
            case EventLog.Slice slice -> from.equals(events.last()) ? take(slice) : List.of();
        };
    }

    private List<Runnable> take(EventLog.Slice slice) {
        List<Runnable> woken = new ArrayList<>();
        for (RecordedEvent event : slice.events()) {
            Landmark before = events.last();
            events.add(new SharedEvent(event), slice.end().generation());
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
