package dev.stele.log;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

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
    private final RisingPosition known;
    private final AtomicBoolean polling = new AtomicBoolean();

    Head(Pool pool, LogConfig config, Generation generation) {
        this.pool = pool;
        this.config = config;
        this.generation = generation;
        this.known =
                new RisingPosition(new Semaphore(config.headWaiters()), this::pollUnlessPolling);
    }

    /** The newest position known here; the log may be further. */
    public GlobalPosition known() {
        return known.now();
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
                .invoke(row -> known.rise(new GlobalPosition(row.getLong("head"))))
                .map(_ -> known.now());
    }

    /**
     * The newest position, as soon as it is beyond {@code position}. For what the service does by
     * itself; no number of requests can keep it from waiting. Cancel it to stop waiting.
     */
    public Uni<GlobalPosition> beyond(GlobalPosition position) {
        return known.beyond(position);
    }

    /** The same for a request, when the position is reached; only so many may wait. */
    public Uni<RisingPosition.Awaited> reached(GlobalPosition position) {
        return known.reached(position);
    }

    /** A batch of this replica is committed. */
    void committed(GlobalPosition newest, int inGeneration) {
        generation.seen(inGeneration);
        known.rise(newest);
    }

    private void pollUnlessPolling() {
        if (polling.compareAndSet(false, true)) {
            poll(config.headPollMin());
        }
    }

    /** Reads the head again and again until nobody waits. */
    private void poll(Duration pause) {
        GlobalPosition before = known.now();
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
        if (known.isAwaited()) {
            poll(pause);
            return;
        }
        polling.set(false);
        // Somebody who came between the two lines found the flag set and relies on this.
        if (known.isAwaited()) {
            pollUnlessPolling();
        }
    }

    private Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(config.headPollMax()) < 0 ? next : config.headPollMax();
    }
}
