package dev.stele.log;

import dev.stele.event.GlobalPosition;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A position that only rises, and those who wait for it. Only when the log itself was put back, it
 * begins anew further back.
 *
 * <p>Nobody misses a rise: a waiter looks at the position after it is among those who wait, and a
 * rise looks for waiters after it has happened. Who waits on behalf of a request takes one of a
 * limited number of places; what waits for the service itself does not depend on them.
 */
public final class RisingPosition {

    private final AtomicReference<GlobalPosition> now =
            new AtomicReference<>(GlobalPosition.BEGINNING);
    private final ConcurrentSkipListSet<Waiter> waiters =
            new ConcurrentSkipListSet<>(
                    Comparator.comparingLong(Waiter::least).thenComparingLong(Waiter::number));
    private final AtomicLong numbers = new AtomicLong();
    private final Semaphore places;
    private final Runnable whenAwaited;

    /**
     * A position at the beginning.
     *
     * @param places for requests that wait; others may have a share in them
     * @param whenAwaited runs each time that somebody has begun to wait
     */
    public RisingPosition(Semaphore places, Runnable whenAwaited) {
        this.places = places;
        this.whenAwaited = whenAwaited;
    }

    /** What became of a request that wanted to wait. */
    public sealed interface Awaited {

        /** The position rose to here, which is far enough. */
        record Reached(GlobalPosition position) implements Awaited {}

        /** No place was free. */
        record TooMany() implements Awaited {}
    }

    /**
     * Somebody who waits.
     *
     * @param least the position that is waited for
     * @param number tells apart those who wait for the same
     * @param whenLeft runs once, when it waits no more
     * @param own of the service itself: it has to know when the position begins anew
     */
    private record Waiter(
            long least,
            long number,
            boolean own,
            UniEmitter<? super GlobalPosition> emitter,
            Runnable whenLeft) {}

    public GlobalPosition now() {
        return now.get();
    }

    /** Whether anybody waits. */
    boolean isAwaited() {
        return !waiters.isEmpty();
    }

    /** Rises to a position, unless it is there already. */
    public void rise(GlobalPosition position) {
        GlobalPosition before = now.getAndAccumulate(position, GlobalPosition::later);
        if (!before.reached(position)) {
            wake(position);
        }
    }

    /**
     * Begins anew at a position that may be further back. Requests go on waiting for what they want
     * to see; what waits for the service itself gets this position.
     */
    public void restart(GlobalPosition position) {
        now.set(position);
        for (Waiter waiter : waiters) {
            if (waiter.own() && leave(waiter)) {
                waiter.emitter().complete(position);
            }
        }
    }

    /**
     * The position as soon as it is beyond another one, or when it begins anew. Cancel it to stop
     * waiting.
     */
    Uni<GlobalPosition> beyond(GlobalPosition position) {
        return awaited(position.value() + 1, true, () -> {});
    }

    /** Waits on behalf of a request, in a place. Cancel it to stop waiting. */
    public Uni<Awaited> reached(GlobalPosition position) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            if (now().reached(position)) {
                                return Uni.createFrom().item(new Awaited.Reached(now()));
                            }
                            return places.tryAcquire()
                                    ? awaited(position.value(), false, places::release)
                                            .map(Awaited.Reached::new)
                                    : Uni.createFrom().item(new Awaited.TooMany());
                        });
    }

    private Uni<GlobalPosition> awaited(long least, boolean own, Runnable whenLeft) {
        return Uni.createFrom()
                .emitter(
                        emitter ->
                                join(
                                        new Waiter(
                                                least,
                                                numbers.incrementAndGet(),
                                                own,
                                                emitter,
                                                whenLeft)));
    }

    private void join(Waiter waiter) {
        waiters.add(waiter);
        waiter.emitter().onTermination(() -> leave(waiter));
        wake(now());
        if (waiters.contains(waiter)) {
            whenAwaited.run();
        }
    }

    private void wake(GlobalPosition position) {
        for (Waiter waiter : waiters) {
            if (waiter.least() > position.value()) {
                return;
            }
            if (leave(waiter)) {
                waiter.emitter().complete(position);
            }
        }
    }

    /** Whether it was still there: several may find it ready, or it ends by itself meanwhile. */
    private boolean leave(Waiter waiter) {
        boolean wasThere = waiters.remove(waiter);
        if (wasThere) {
            waiter.whenLeft().run();
        }
        return wasThere;
    }
}
