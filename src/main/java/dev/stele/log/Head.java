package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest position that this replica knows to be committed, and the wake-up of those who wait
 * for a newer one.
 *
 * <p>A commit of this replica moves it at once. Commits of others are found by reading, only while
 * somebody waits, and less often the longer nothing comes. Coming late is the only harm: positions
 * are dense and committed in order, so that whoever wakes up misses nothing.
 *
 * <p>It remembers which event is the newest, and each reading looks for it: when it is gone, the
 * log was put back to an earlier state, and what is known begins anew with what was read.
 */
@ApplicationScoped
public class Head {

    private static final Statement READ_HEAD = Statement.load(Head.class, "read-head");

    private final Pool pool;
    private final LogConfig config;
    private final Generation generation;
    private final RisingPosition known;
    private final AtomicReference<Landmark> newest = new AtomicReference<>(Landmark.BEGINNING);

    /** An event that is gone, while nobody could be told so yet. */
    private final AtomicReference<@Nullable Landmark> lost = new AtomicReference<>();

    private final AtomicBoolean polling = new AtomicBoolean();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Head(Pool pool, LogConfig config, Generation generation) {
        this.pool = pool;
        this.config = config;
        this.generation = generation;
        this.known =
                new RisingPosition(new Semaphore(config.headWaiters()), this::pollUnlessPolling);
        generation.onChange(() -> beginAnew(Landmark.BEGINNING));
    }

    /** Has something done whenever the log may have been put back: what is remembered is void. */
    public void onAnew(Runnable listener) {
        listeners.add(listener);
    }

    /** The newest position known here; the log may be further. */
    public GlobalPosition known() {
        return known.now();
    }

    /** The newest event known here, and the generation in which it was seen. */
    Landmark newest() {
        return newest.get();
    }

    /** Reads the newest position from the database. */
    public Uni<GlobalPosition> read() {
        Landmark unknown = lost.get();
        Landmark before = unknown == null ? newest.get() : unknown;
        return look(before)
                .chain(
                        seen -> {
                            if (before.is(seen.known())) {
                                lost.compareAndSet(unknown, null);
                                rise(seen.newest());
                                return Uni.createFrom().voidItem();
                            }
                            return generation
                                    .raise(before)
                                    .invoke(() -> lost.compareAndSet(unknown, null))
                                    .invoke(() -> beginAnew(seen.newest()));
                        })
                .map(_ -> known.now());
    }

    /**
     * Looks for an event that was seen once; when it is gone, the log's generation rises. What is
     * known here is looked at first: nobody goes on from there with what is remembered and gone.
     */
    public Uni<Sighting> find(Landmark landmark) {
        return read().chain(_ -> look(landmark))
                .chain(
                        seen ->
                                landmark.is(seen.known())
                                        ? Uni.createFrom().item(there(landmark, seen))
                                        : gone(landmark).map(now -> gone(landmark, seen, now)));
    }

    private static Sighting there(Landmark landmark, Seen seen) {
        return new Sighting.There(
                new Landmark(landmark.position(), seen.known(), seen.newest().generation()));
    }

    private static Sighting gone(Landmark landmark, Seen seen, int generation) {
        return new Sighting.Gone(landmark, generation, seen.newest().position());
    }

    /** An event was not found where it was seen once; the generation is what it is then. */
    Uni<Integer> gone(Landmark landmark) {
        return generation.raise(landmark).chain(this::read).chain(_ -> generation.current());
    }

    /** The newest event, and which one is at the position that was asked for. */
    private record Seen(Landmark newest, @Nullable EventId known) {}

    private Uni<Seen> look(Landmark at) {
        return READ_HEAD
                .run(pool, at.position().value())
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .map(rows -> rows.iterator().next())
                .invoke(row -> generation.seen(row.getInteger("generation")))
                .map(
                        row ->
                                new Seen(
                                        new Landmark(
                                                new GlobalPosition(row.getLong("head")),
                                                EventRows.id(row, "head_id"),
                                                row.getInteger("generation")),
                                        EventRows.id(row, "known_id")));
    }

    private void rise(Landmark landmark) {
        // Of two sightings of one event the later counts: it was there in that generation, too.
        newest.accumulateAndGet(landmark, (before, seen) -> Landmark.later(seen, before));
        known.rise(landmark.position());
    }

    private void beginAnew(Landmark landmark) {
        newest.set(landmark);
        listeners.forEach(Runnable::run);
        known.restart(landmark.position());
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

    /**
     * A batch of this replica is committed.
     *
     * @param last its last event, the newest one; the beginning when it has none
     */
    void committed(Landmark last, int inGeneration) {
        generation.seen(inGeneration);
        rise(last);
    }

    /** The same, to a log in which an event is gone that was known. */
    void committedWithout(Landmark gone, Landmark last, int inGeneration) {
        lost.set(gone);
        generation.seen(inGeneration);
        beginAnew(last);
        pollUnlessPolling();
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
