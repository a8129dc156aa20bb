package dev.stele.log;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The newest position that this replica knows to be committed, and the wake-up of those who wait
 * for a newer one.
 *
 * <p>A commit of this replica moves it at once. Commits of others are found by reading, only while
 * somebody waits, and less often the longer nothing comes. Coming late is the only harm: positions
 * are dense and committed in order, so that whoever wakes up misses nothing.
 */
@ApplicationScoped
public class Head {

    private static final Statement READ_HEAD = Statement.load(Head.class, "read-head");

    private final Pool pool;
    private final LogConfig config;
    private final Generation generation;
    private final AtomicReference<GlobalPosition> known =
            new AtomicReference<>(GlobalPosition.BEGINNING);
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean polling = new AtomicBoolean();

    Head(Pool pool, LogConfig config, Generation generation) {
        this.pool = pool;
        this.config = config;
        this.generation = generation;
    }

    private record Waiter(GlobalPosition position, UniEmitter<? super GlobalPosition> emitter) {}

    /** The newest position known here; the log may be further. */
    public GlobalPosition known() {
        return known.get();
    }

    /** Reads the newest position from the database. */
    public Uni<GlobalPosition> read() {
        return READ_HEAD
                .run(pool)
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .map(rows -> rows.iterator().next())
                .invoke(row -> generation.seen(row.getInteger("generation")))
                .invoke(row -> advance(new GlobalPosition(row.getLong("head"))))
                .map(_ -> known.get());
    }

    /** The newest position, as soon as it is beyond {@code position}. Cancel it to stop waiting. */
    public Uni<GlobalPosition> beyond(GlobalPosition position) {
        return Uni.createFrom().emitter(emitter -> await(new Waiter(position, emitter)));
    }

    private void await(Waiter waiter) {
        waiters.add(waiter);
        waiter.emitter().onTermination(() -> waiters.remove(waiter));
        // Looked at after the waiter is in the list, or a commit in between would wake nobody.
        wake(known.get());
        if (!waiters.isEmpty() && polling.compareAndSet(false, true)) {
            poll(config.headPollMin());
        }
    }

    /** A batch of this replica is committed. */
    void committed(GlobalPosition newest, int inGeneration) {
        generation.seen(inGeneration);
        advance(newest);
    }

    private void advance(GlobalPosition position) {
        GlobalPosition before = known.getAndAccumulate(position, GlobalPosition::later);
        if (!before.reached(position)) {
            wake(position);
        }
    }

    private void wake(GlobalPosition position) {
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (!waiter.position().reached(position)) {
                each.remove();
                waiter.emitter().complete(position);
            }
        }
    }

    /** Reads the head again and again until nobody waits. */
    private void poll(Duration pause) {
        GlobalPosition before = known.get();
        read().onFailure()
                .recoverWithItem(before)
                .onItem()
                .delayIt()
                .by(pause)
                .subscribe()
                .with(
                        head ->
                                pollAgain(
                                        before.reached(head)
                                                ? longer(pause)
                                                : config.headPollMin()));
    }

    private void pollAgain(Duration pause) {
        if (!waiters.isEmpty()) {
            poll(pause);
            return;
        }
        polling.set(false);
        // Somebody who came between the two lines found the flag set and relies on this.
        if (!waiters.isEmpty() && polling.compareAndSet(false, true)) {
            poll(config.headPollMin());
        }
    }

    private Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(config.headPollMax()) < 0 ? next : config.headPollMax();
    }
}
