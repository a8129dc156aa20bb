package dev.stele.log;

import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The log's generation: it rises whenever something that was answered may not be answered again,
 * e.g. after a restore.
 *
 * <p>It changes about never, and so is remembered. Every batch and every reading of the head brings
 * it along, each by its own statement; only when nothing came for a while, somebody has to ask. So
 * an append never waits for it, and no replica goes by an old one for longer than that while. What
 * may be kept for ever does not go by what is remembered: a page says its own generation.
 */
@ApplicationScoped
public class Generation {

    private static final Statement READ = Statement.load(Generation.class, "read-generation");

    private final Pool pool;
    private final LogConfig config;
    private final AtomicReference<@Nullable Seen> last = new AtomicReference<>();

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

    void seen(int generation) {
        last.set(new Seen(generation, System.nanoTime()));
    }
}
