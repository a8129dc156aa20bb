package dev.stele.subscription;

import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamId;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is parked, for those who operate the service: they look at it, have it tried again, or
 * decide to leave an event out. Whatever they ask for is done by whoever runs the subscription.
 */
@ApplicationScoped
public class Parked {

    private static final Statement READ = load("read-parked");
    private static final Statement RETRY = load("retry-parked");
    private static final Statement SKIP = load("skip-parked");
    private static final Statement READ_SKIPPED = load("read-skipped");

    private final Pool pool;
    private final LeaseKeeper leases;
    private final SubscriptionConfig config;

    Parked(Pool pool, LeaseKeeper leases, SubscriptionConfig config) {
        this.pool = pool;
        this.leases = leases;
        this.config = config;
    }

    /**
     * Whose parked keys they are.
     *
     * @param definition {@code view/<name>} or {@code publication/<name>}
     * @param version of that
     */
    public record Of(String subscription, String definition, int version) {}

    /** An event that was not handled for a key, and why. */
    public record Failed(
            String key,
            GlobalPosition position,
            EventId event,
            StreamId stream,
            EventType type,
            String error) {}

    /**
     * A parked key.
     *
     * @param failed the event at which it stopped
     * @param attempts how often that was tried
     * @param since when it failed first
     * @param retrying whether it is about to be tried again
     * @param waiting how many later events of the key wait behind it
     */
    public record ParkedKey(
            Failed failed, int attempts, Instant since, boolean retrying, long waiting) {}

    /**
     * An event that was left out for a key.
     *
     * @param nth its place among all that were skipped, for paging
     * @param version of the view or publication
     */
    public record SkippedEvent(
            long nth, int version, Failed failed, String reason, Instant skippedAt) {}

    /** What skipping came to. */
    public sealed interface SkipResult {

        /** It is left out, and what waited behind it is about to be tried. */
        record Skipped() implements SkipResult {}

        /** The key is not parked. */
        record NotParked() implements SkipResult {}

        /** Another event is the parked one. */
        record OtherPosition(GlobalPosition parked) implements SkipResult {}

        /** The key is about to be tried again, or was parked only just now: ask again. */
        record TooEarly() implements SkipResult {}
    }

    /**
     * The parked keys of a subscription, in the order of their bytes.
     *
     * @param afterKey exclusive; null = from the first one
     */
    public Uni<List<ParkedKey>> keys(String subscription, @Nullable String afterKey, int limit) {
        return run(READ, subscription, afterKey, null, limit)
                .map(rows -> rows.stream().map(Parked::key).toList());
    }

    /** One parked key; empty when it is not parked. */
    public Uni<Optional<ParkedKey>> key(String subscription, String key) {
        return run(READ, subscription, null, key, 1)
                .map(rows -> rows.stream().findFirst().map(Parked::key));
    }

    /** Has a key tried again, from the event at which it stopped; false when it is not parked. */
    public Uni<Boolean> retry(String subscription, String key) {
        return run(RETRY, subscription, key)
                .map(rows -> rows.size() == 1)
                .invoke(() -> leases.retry(subscription));
    }

    /** Has all parked keys tried again; how many they are. */
    public Uni<Integer> retryAll(String subscription) {
        return run(ParkedTable.RETRY_ALL, subscription)
                .map(RowSet::size)
                .invoke(() -> leases.retry(subscription));
    }

    /**
     * Leaves an event out for a key, for ever.
     *
     * @param definition whose subscription it is: {@code view/<name>} or {@code publication/<name>}
     * @param version of that
     * @param position of the event, which must be the one at which the key stopped
     */
    public Uni<SkipResult> skip(
            String subscription,
            String definition,
            int version,
            String key,
            GlobalPosition position,
            String reason) {
        return run(SKIP, subscription, definition, version, key, position.value(), reason)
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(row -> skipResult(row, position))
                                        .orElseGet(SkipResult.NotParked::new))
                .invoke(() -> leases.retry(subscription));
    }

    private static SkipResult skipResult(Row row, GlobalPosition position) {
        GlobalPosition parked = new GlobalPosition(row.getLong("position"));
        if (row.getBoolean("skipped")) {
            return new SkipResult.Skipped();
        }
        return parked.equals(position)
                ? new SkipResult.TooEarly()
                : new SkipResult.OtherPosition(parked);
    }

    /**
     * What was ever skipped of a view or a publication, the first one first.
     *
     * @param after the place of one (exclusive); 0 = from the first one
     */
    public Uni<List<SkippedEvent>> skipped(String definition, long after, int limit) {
        return run(READ_SKIPPED, definition, after, limit)
                .map(rows -> rows.stream().map(Parked::skipped).toList());
    }

    private static ParkedKey key(Row row) {
        return new ParkedKey(
                failed(row),
                row.getInteger("attempts"),
                row.getOffsetDateTime("since").toInstant(),
                row.getBoolean("retry"),
                row.getLong("waiting"));
    }

    private static SkippedEvent skipped(Row row) {
        return new SkippedEvent(
                row.getLong("nth"),
                row.getInteger("version"),
                failed(row),
                row.getString("reason"),
                row.getOffsetDateTime("skipped_at").toInstant());
    }

    private static Failed failed(Row row) {
        return new Failed(
                row.getString("key"),
                new GlobalPosition(row.getLong("position")),
                new EventId(row.getUUID("event_id")),
                new StreamId(row.getString("stream")),
                new EventType(row.getString("type")),
                row.getString("error"));
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Statement load(String name) {
        return Statement.load(Parked.class, name);
    }
}
