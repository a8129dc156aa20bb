package dev.stele.view;

import dev.stele.event.GlobalPosition;
import dev.stele.log.Head;
import dev.stele.log.RisingPosition;
import dev.stele.log.RisingPosition.Awaited;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Passage;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for a view to reach a position.
 *
 * <p>Only the row tells what reads see, so it is looked at; once for all who wait, at once when an
 * updater of this replica moved, and else less often the longer nothing happens.
 */
@ApplicationScoped
class CheckpointWatch {

    private static final Statement READ = Statement.load(CheckpointWatch.class, "read-checkpoints");

    private final Pool pool;
    private final Head head;
    private final ViewFilters filters;
    private final Passage passage;
    private final ViewConfig config;
    private final Semaphore places;
    private final Map<ViewName, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicBoolean polling = new AtomicBoolean();
    private final AtomicBoolean moved = new AtomicBoolean();
    private final AtomicReference<@Nullable UniEmitter<? super Boolean>> pausing =
            new AtomicReference<>();

    CheckpointWatch(Pool pool, Head head, ViewFilters filters, Passage passage, ViewConfig config) {
        this.pool = pool;
        this.head = head;
        this.filters = filters;
        this.passage = passage;
        this.config = config;
        this.places = new Semaphore(config.waiters());
    }

    /** The checkpoint of a view that somebody waits for, and how many do. */
    private record Watched(RisingPosition checkpoint, int waiters) {}

    /** Waits until reads of the view reflect a position, but not longer than {@code atMost}. */
    Uni<Freshness> caughtUp(ViewName view, GlobalPosition min, Duration atMost) {
        return look(view, min)
                .chain(
                        now ->
                                switch (now) {
                                    case Freshness.Behind behind -> wait(view, min, atMost, behind);
                                    case Freshness.Reached _, Freshness.NoSuchView _ ->
                                            Uni.createFrom().item(now);
                                });
    }

    private Uni<Freshness> wait(
            ViewName view, GlobalPosition min, Duration atMost, Freshness.Behind now) {
        if (atMost.isZero()) {
            return Uni.createFrom().item(now);
        }
        return Uni.createFrom()
                .deferred(() -> awaited(view, min))
                .map(
                        awaited ->
                                switch (awaited) {
                                    case Awaited.Reached(var checkpoint) ->
                                            (Freshness) new Freshness.Reached(checkpoint);
                                    case Awaited.TooMany() ->
                                            new Freshness.Behind(
                                                    now.position(),
                                                    now.because()
                                                            + ", and too many requests wait"
                                                            + " already");
                                })
                .ifNoItem()
                .after(atMost)
                .recoverWithUni(() -> look(view, min));
    }

    private Uni<Awaited> awaited(ViewName view, GlobalPosition min) {
        RisingPosition checkpoint = join(view);
        AtomicBoolean left = new AtomicBoolean();
        return checkpoint
                .reached(min)
                .onTermination()
                .invoke(
                        () -> {
                            // An item and a cancellation may meet.
                            if (left.compareAndSet(false, true)) {
                                leave(view);
                            }
                        });
    }

    private RisingPosition join(ViewName view) {
        Watched joined =
                watched.compute(
                        view,
                        (_, others) ->
                                others == null
                                        ? new Watched(
                                                new RisingPosition(places, this::pollUnlessPolling),
                                                1)
                                        : new Watched(others.checkpoint(), others.waiters() + 1));
        return joined.checkpoint();
    }

    private void leave(ViewName view) {
        watched.computeIfPresent(
                view,
                (_, all) ->
                        all.waiters() == 1
                                ? null
                                : new Watched(all.checkpoint(), all.waiters() - 1));
    }

    private Uni<Freshness> look(ViewName view, GlobalPosition min) {
        return read(view)
                .chain(
                        found -> {
                            SeenView seen = found.get(view.value());
                            return seen == null
                                    ? Uni.createFrom().item(new Freshness.NoSuchView())
                                    : passed(seen, min).map(now -> judge(now, min));
                        });
    }

    /** Nobody waits for what does not concern the view: that is passed at once. */
    private Uni<SeenView> passed(SeenView seen, GlobalPosition wanted) {
        if (seen.stale() || seen.error() != null || seen.checkpoint().reached(wanted)) {
            return Uni.createFrom().item(seen);
        }
        return filters.of(seen.viewId())
                .map(
                        filter ->
                                passage.pass(
                                                ViewUpdater.subscription(seen.viewId()),
                                                filter,
                                                seen.checkpoint(),
                                                wanted)
                                        .map(seen::at))
                .orElseGet(() -> Uni.createFrom().item(seen));
    }

    private static Freshness judge(SeenView seen, GlobalPosition min) {
        return seen.reflects(min)
                ? new Freshness.Reached(seen.checkpoint())
                : new Freshness.Behind(seen.checkpoint(), seen.because(min));
    }

    /** An updater of this replica has moved a checkpoint. */
    void moved() {
        if (watched.isEmpty()) {
            return;
        }
        moved.set(true);
        UniEmitter<? super Boolean> pause = pausing.getAndSet(null);
        if (pause != null) {
            pause.complete(true);
        }
    }

    private void pollUnlessPolling() {
        if (polling.compareAndSet(false, true)) {
            poll(config.waitPollMin());
        }
    }

    /** Looks again and again until nobody waits. */
    private void poll(Duration pause) {
        moved.set(false);
        read(watched.keySet().toArray(ViewName[]::new))
                .chain(this::passed)
                .onFailure()
                .recoverWithItem(Map.of())
                .invoke(this::wake)
                .chain(_ -> pause(pause))
                .subscribe()
                .with(woken -> pollAgain(woken ? config.waitPollMin() : longer(pause)));
    }

    private Uni<Map<String, SeenView>> passed(Map<String, SeenView> all) {
        Map<String, SeenView> now = new ConcurrentHashMap<>(all);
        Uni<Void> each = Uni.createFrom().voidItem();
        for (Map.Entry<String, SeenView> one : all.entrySet()) {
            each =
                    each.chain(() -> passed(one.getValue(), head.known()))
                            .invoke(seen -> now.put(one.getKey(), seen))
                            .replaceWithVoid();
        }
        return each.replaceWith(now);
    }

    private Uni<Boolean> pause(Duration pause) {
        return Uni.createFrom()
                .<Boolean>emitter(
                        emitter -> {
                            pausing.set(emitter);
                            // Looked at after it can be woken, or a move in between is missed.
                            if (moved.get()) {
                                emitter.complete(true);
                            }
                        })
                .ifNoItem()
                .after(pause)
                .recoverWithItem(false);
    }

    private void pollAgain(Duration pause) {
        if (!watched.isEmpty()) {
            poll(pause);
            return;
        }
        polling.set(false);
        // Somebody who came between the two lines found the flag set and relies on this.
        if (!watched.isEmpty()) {
            pollUnlessPolling();
        }
    }

    private Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(config.waitPollMax()) < 0 ? next : config.waitPollMax();
    }

    private void wake(Map<String, SeenView> seen) {
        watched.forEach(
                (view, awaited) -> {
                    SeenView now = seen.get(view.value());
                    if (now != null && !now.stale()) {
                        moved(awaited.checkpoint(), now.checkpoint());
                    }
                });
    }

    /** It goes back with the log. */
    private static void moved(RisingPosition known, GlobalPosition seen) {
        if (seen.reached(known.now())) {
            known.rise(seen);
        } else {
            known.restart(seen);
        }
    }

    private Uni<Map<String, SeenView>> read(ViewName... views) {
        String[] names = new String[views.length];
        for (int i = 0; i < views.length; i++) {
            names[i] = views[i].value();
        }
        return READ.run(pool, (Object) names)
                .ifNoItem()
                .after(config.answerTimeout())
                .fail()
                .map(
                        rows -> {
                            Map<String, SeenView> seen = new HashMap<>();
                            rows.forEach(row -> seen.put(row.getString("name"), SeenView.of(row)));
                            return seen;
                        });
    }
}
