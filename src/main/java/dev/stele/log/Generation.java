package dev.stele.log;

import dev.stele.event.Landmark;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The log's generation: it rises whenever something that was answered may not be answered again,
 * e.g. after a restore.
 *
 * <p>Whoever finds that an event is gone which it saw raises it, by one statement that looks for
 * the event itself: so it rises once for each time that the log was put back (adr/0017).
 *
 * <p>It changes about never, and so is remembered. Every batch and every reading of the head brings
 * it along, each by its own statement; only when nothing came for a while, somebody has to ask. So
 * an append never waits for it, and no replica goes by an old one for longer than that while. What
 * may be kept for ever does not go by what is remembered: a page says its own generation.
 */
@ApplicationScoped
public class Generation {

    private static final Logger LOG = Logger.getLogger(Generation.class);
    private static final Statement READ = Statement.load(Generation.class, "read-generation");
    private static final Statement RAISE = Statement.load(Generation.class, "raise-generation");

    private final Pool pool;
    private final LogConfig config;
    private final AtomicReference<@Nullable Seen> last = new AtomicReference<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Generation(Pool pool, LogConfig config) {
        this.pool = pool;
        this.config = config;
    }

    private record Seen(int generation, long atNanos) {}

    /** The one that was seen last; empty before anything was. */
    public OptionalInt known() {
        Seen seen = last.get();
        return seen == null ? OptionalInt.empty() : OptionalInt.of(seen.generation());
    }

    /** The one that was seen a moment ago, or is read now. */
    public Uni<Integer> current() {
        Seen seen = last.get();
        return seen != null
                        && System.nanoTime() - seen.atNanos() < config.generationMaxAge().toNanos()
                ? Uni.createFrom().item(seen.generation())
                : read();
    }

    /** Reads it from the database. */
    public Uni<Integer> read() {
        return READ.run(pool)
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .map(rows -> rows.iterator().next().getInteger("generation"))
                .invoke(this::seen);
    }

    /** Has something done whenever another generation is seen than before. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Raises it because an event is gone, unless somebody has done so already, or the event is
     * there after all.
     */
    Uni<Void> raise(Landmark gone) {
        return RAISE.run(pool, gone.position().value(), gone.uuid(), gone.generation())
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .invoke(rows -> rows.forEach(row -> tell(gone, row.getInteger("generation"))))
                .chain(this::read)
                .replaceWithVoid();
    }

    private static void tell(Landmark gone, int now) {
        LOG.errorf(
                "the log was put back to an earlier state: the event at position %s that was there"
                        + " in generation %d is gone; the log is in generation %d from now on",
                gone.position(), gone.generation(), now);
    }

    void seen(int generation) {
        Seen before = last.getAndSet(new Seen(generation, System.nanoTime()));
        if (before != null && before.generation() != generation) {
            listeners.forEach(Runnable::run);
        }
    }
}
