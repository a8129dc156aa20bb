package dev.stele.log;

import dev.stele.event.Append;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.postgres.Statement;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Appends: by group commit, and where that would hold the log's lock for long, after a check
 * beforehand.
 *
 * <p>A {@link FailIf} is looked up under the lock when its position is near the head. One that
 * looks further back may have many events to look through: they are looked through beforehand, and
 * under the lock only what came since is left. So the lock is held for a short time, however long
 * the log and however common the tags.
 */
final class Appender {

    private static final Statement READ_MATCHES = Statement.load(Appender.class, "read-matches");

    /** As many positions as an answer tells of an item. */
    private static final int MOST_POSITIONS = 10;

    private final Pool pool;
    private final Head head;
    private final LogConfig config;
    private final RecentEvents recent;
    private final GroupCommit groupCommit;

    /**
     * @param batches of one connection, which nobody else takes
     */
    Appender(Pool pool, Pool batches, Head head, LogConfig config, MeterRegistry registry) {
        this.pool = pool;
        this.head = head;
        this.config = config;
        this.recent = new RecentEvents(config.recentMaxEvents(), config.recentMaxBytes());
        head.onAnew(recent::clear);
        this.groupCommit =
                new GroupCommit(new BatchWriter(batches, head, recent, config), config, registry);
    }

    /** What was appended last. */
    RecentEvents recent() {
        return recent;
    }

    /** What waits to be appended. */
    AppendQueue queue() {
        return groupCommit.queue();
    }

    /** Answers what waits, and what was sent, without the database. */
    void end() {
        groupCommit.end();
    }

    Uni<AppendResult> append(Append append) {
        FailIf failIf = append.failIf();
        if (failIf == null) {
            return groupCommit.append(append);
        }
        // Others may have moved the head further than is known here: then the lock's owner says so.
        return isNear(failIf.after())
                ? groupCommit.append(append).chain(result -> orChecked(result, append, failIf, 1))
                : checked(append, failIf, 1);
    }

    private boolean isNear(GlobalPosition after) {
        return head.known().value() - after.value() <= config.failIfSpan();
    }

    /** What was found, and the position up to which (inclusive) there is nothing else. */
    private record Found(List<FailedCheck> events, GlobalPosition upTo) {}

    /** Appends what was looked up beforehand. */
    private Uni<AppendResult> checked(Append append, FailIf failIf, int attempt) {
        return find(failIf)
                .chain(
                        found ->
                                found.events().isEmpty()
                                        ? groupCommit.append(
                                                decidedAt(append, failIf, found.upTo()))
                                        : refused(append, failIf, found))
                .chain(result -> orChecked(result, append, failIf, attempt + 1));
    }

    private Uni<AppendResult> orChecked(
            AppendResult result, Append append, FailIf failIf, int attempt) {
        return result instanceof AppendResult.Unchecked && attempt <= config.failIfAttempts()
                ? checked(append, failIf, attempt)
                : Uni.createFrom().item(result);
    }

    /**
     * The append cannot happen any more; but it may have happened before, and other checks of it
     * may fail as well. So it is judged with a failIf that fails for certain, in place of what was
     * found.
     */
    private Uni<AppendResult> refused(Append append, FailIf failIf, Found found) {
        return groupCommit
                .append(decidedAt(append, failIf, GlobalPosition.LAST))
                .map(
                        result ->
                                result instanceof AppendResult.Conflict(var failed)
                                        ? new AppendResult.Conflict(with(failed, found))
                                        : result);
    }

    private static List<FailedCheck> with(List<FailedCheck> failed, Found found) {
        return Stream.concat(
                        failed.stream()
                                .filter(check -> !(check instanceof FailedCheck.AfterBeyondHead)),
                        found.events().stream())
                .toList();
    }

    private Uni<Found> find(FailIf failIf) {
        return READ_MATCHES
                .run(
                        pool,
                        failIf.items().stream().map(BatchParameters::types).toArray(String[]::new),
                        failIf.items().stream().map(BatchParameters::tags).toArray(String[]::new),
                        failIf.after().value(),
                        MOST_POSITIONS)
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .map(Appender::found);
    }

    private static Found found(RowSet<Row> rows) {
        Map<Integer, List<GlobalPosition>> positions = new TreeMap<>();
        long head = 0;
        for (Row row : rows) {
            head = row.getLong("head");
            Long position = row.getLong("position");
            if (position != null) {
                positions
                        .computeIfAbsent(row.getInteger("nth") - 1, _ -> new ArrayList<>())
                        .add(new GlobalPosition(position));
            }
        }
        List<FailedCheck> events = new ArrayList<>();
        positions.forEach((item, found) -> events.add(new FailedCheck.EventsFound(item, found)));
        return new Found(events, new GlobalPosition(head));
    }

    private static Append decidedAt(Append append, FailIf failIf, GlobalPosition position) {
        return new Append(
                append.parts(),
                append.requirements(),
                new FailIf(failIf.items(), position),
                append.mayRepeat(),
                append.traceparent());
    }
}
