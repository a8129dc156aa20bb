package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import dev.stele.subscription.ParkedKeys.ParkedKey;
import dev.stele.subscription.Parking.Waiting;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parked keys of subscriptions, as their runners read and write them. */
@ApplicationScoped
public class ParkedTable {

    private static final Statement READ = load("read-parked-keys");
    private static final Statement READ_TO_RETRY = load("read-parked-to-retry");
    private static final Statement FORGET = load("forget-parked-beyond");
    private static final Statement PARK = load("park-keys");
    static final Statement RETRY_ALL = load("retry-all-parked");
    private static final Statement FORGET_ALL = load("forget-all-parked");

    private final Pool pool;
    private final SubscriptionConfig config;
    private final ParkedConfig limits;

    ParkedTable(Pool pool, SubscriptionConfig config, ParkedConfig limits) {
        this.pool = pool;
        this.config = config;
        this.limits = limits;
    }

    /**
     * Writes a change that no other write of the subscriber carries; nothing is asked when there is
     * nothing to write.
     *
     * @return false when the lease is lost, and then nothing changed
     */
    public Uni<Boolean> park(Lease lease, ParkingChange change) {
        if (change.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(lease.subscription());
        parameters.add(lease.epoch());
        parameters.addAll(change.parameters());
        return run(PARK, parameters.toArray()).map(rows -> rows.size() == 1);
    }

    /** Forgets parked events that turned out to be handled: they must not be tried again. */
    Uni<Void> release(Lease lease, List<Released> released) {
        List<Waiting> events =
                released.stream()
                        .map(each -> new Waiting(each.key(), each.position(), true))
                        .toList();
        return park(lease, new ParkingChange(events, List.of(), List.of(), List.of()))
                .replaceWithVoid();
    }

    /**
     * Reads what is parked: before the first step under a lease, after every failure, and after a
     * retry.
     *
     * <p>What is parked behind the position is left over from an attempt that was not committed,
     * and is forgotten: the events come again. Empty when the lease is lost.
     *
     * @param position where the subscription goes on
     */
    Uni<Optional<ParkedKeys>> resume(Lease lease, GlobalPosition position) {
        return run(FORGET, lease.subscription(), lease.epoch(), position.value())
                .map(rows -> rows.size() == 1)
                .chain(
                        held ->
                                held
                                        ? read(lease).map(Optional::of)
                                        : Uni.createFrom().item(Optional.empty()));
    }

    private Uni<ParkedKeys> read(Lease lease) {
        return run(READ, lease.subscription())
                .map(
                        rows -> {
                            Map<String, ParkedKey> keys = new HashMap<>();
                            rows.forEach(row -> keys.put(row.getString("key"), key(row)));
                            return new ParkedKeys(keys);
                        });
    }

    private static ParkedKey key(Row row) {
        return new ParkedKey(
                new GlobalPosition(row.getLong("position")),
                row.getBoolean("by_stream"),
                row.getBoolean("retry"),
                row.getLong("events"));
    }

    /**
     * The next parked events that are to be tried again, in the order of their positions. Their
     * keys have to fit into the checkpoint of the transaction that sends them.
     */
    Uni<List<Waiting>> toRetry(Lease lease) {
        return run(READ_TO_RETRY, lease.subscription(), limits.retryEvents())
                .map(
                        rows -> {
                            List<Waiting> events = new ArrayList<>(rows.size());
                            long chars = 0;
                            for (Row row : rows) {
                                Waiting event = waiting(row);
                                chars += event.key().length();
                                if (chars > limits.retryKeyChars()
                                        && !events.getLast().position().equals(event.position())) {
                                    break;
                                }
                                events.add(event);
                            }
                            return events;
                        });
    }

    private static Waiting waiting(Row row) {
        return new Waiting(
                row.getString("key"),
                new GlobalPosition(row.getLong("position")),
                row.getBoolean("whole"));
    }

    /** Whoever runs the subscription next tries all of its parked keys again. */
    public static Uni<Void> retryAll(SqlClient client, String subscription) {
        return RETRY_ALL.run(client, subscription).replaceWithVoid();
    }

    /** What is parked is not needed any more: the subscription begins anew, or is gone. */
    public static Uni<Void> forgetAll(SqlClient client, String subscription) {
        return FORGET_ALL.run(client, subscription).replaceWithVoid();
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static Statement load(String name) {
        return Statement.load(ParkedTable.class, name);
    }
}
