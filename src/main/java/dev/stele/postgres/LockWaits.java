package dev.stele.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which statements of the service's role wait for locks, whoever sent them, and for whom. */
@ApplicationScoped
public class LockWaits {

    private static final Statement READ = Statement.load(LockWaits.class, "read-lock-waits");

    private final Pool pool;

    LockWaits(Pool pool) {
        this.pool = pool;
    }

    /**
     * A statement that waits.
     *
     * @param statement its name, or its text when it is none of this version
     * @param since when it began to wait
     */
    public record Wait(String statement, Instant since, Blocker blocker) {}

    /**
     * The session that is waited for in the end.
     *
     * @param pid of its process; 0 = a prepared transaction
     * @param application what it calls itself
     * @param role empty when it is gone by now
     * @param activity null when this service's role may not see it
     */
    public record Blocker(int pid, String application, String role, @Nullable Activity activity) {}

    /**
     * What a session does.
     *
     * @param state e.g. {@code idle in transaction}
     * @param seconds for how long: idle, or in its transaction
     * @param query the last one, in one line without comments
     */
    public record Activity(String state, long seconds, String query) {}

    /** Those that have waited for so long, the longest first. */
    public Uni<List<Wait>> longerThan(Duration limit) {
        return READ.run(pool, limit.toMillis())
                .map(rows -> rows.stream().map(LockWaits::from).toList());
    }

    private static Wait from(Row row) {
        String text = Objects.requireNonNullElse(row.getString("waiting_query"), "");
        return new Wait(
                Statement.nameOf(text).orElseGet(() -> inOneLine(text)),
                row.getOffsetDateTime("since").toInstant(),
                new Blocker(
                        row.getInteger("pid"),
                        row.getString("application"),
                        row.getString("role"),
                        activity(row)));
    }

    private static @Nullable Activity activity(Row row) {
        String state = row.getString("state");
        Long seconds = row.getLong("seconds");
        return state == null
                ? null
                : new Activity(
                        state,
                        seconds == null ? 0 : seconds,
                        inOneLine(Objects.requireNonNullElse(row.getString("query"), "")));
    }

    private static String inOneLine(String query) {
        return query.lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("--") && !line.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
