package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How far subscriptions are, and why one does not move: rows of {@code stele.subscriptions}. */
@ApplicationScoped
public class Checkpoints {

    private static final Statement REREAD = load("reread-checkpoint");
    private static final Statement SAVE = load("save-checkpoint");
    private static final Statement ADVANCE = load("advance-checkpoints");
    private static final Statement ADVANCE_UNMATCHED = load("advance-unmatched");
    private static final Statement SAVE_ERROR = load("save-error");

    private final Pool pool;
    private final SubscriptionConfig config;

    Checkpoints(Pool pool, SubscriptionConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * A checkpoint that a subscription has reached under a lease.
     *
     * @param atLeast where the stored one must be; further back, what was handled was lost
     */
    public record Reached(Lease lease, GlobalPosition atLeast, GlobalPosition position) {}

    /**
     * Moves a checkpoint, if the lease still holds.
     *
     * @param atLeast where the stored one must be
     * @param atMost where it may be for the move to be right
     * @return false when nothing changed
     */
    public Uni<Boolean> save(
            Lease lease, GlobalPosition atLeast, GlobalPosition atMost, GlobalPosition next) {
        return run(
                        SAVE,
                        lease.subscription(),
                        lease.epoch(),
                        atLeast.value(),
                        atMost.value(),
                        next.value())
                .map(rows -> rows.size() == 1);
    }

    /** The same, of a slice that was handled up to a position (inclusive) and changed nothing. */
    public Uni<Boolean> save(Lease lease, Slice slice, GlobalPosition reached) {
        return save(
                lease,
                slice.checkpointAtLeast(),
                slice.checkpointAtMost(),
                slice.checkpointAt(reached));
    }

    /**
     * Moves checkpoints forward.
     *
     * @return the names of the subscriptions whose lease still holds, and whose checkpoint was not
     *     further back than it must be
     */
    public Uni<Set<String>> advance(List<Reached> reached) {
        return run(
                        ADVANCE,
                        reached.stream()
                                .map(each -> each.lease().subscription())
                                .toArray(String[]::new),
                        reached.stream().map(each -> each.lease().epoch()).toArray(Long[]::new),
                        reached.stream().map(each -> each.atLeast().value()).toArray(Long[]::new),
                        reached.stream().map(each -> each.position().value()).toArray(Long[]::new))
                .map(
                        rows ->
                                rows.stream()
                                        .map(row -> row.getString("name"))
                                        .collect(Collectors.toSet()));
    }

    /**
     * Moves a checkpoint over events that do not concern the subscription, whoever runs it; does
     * nothing when it is not between the two any more.
     *
     * @param from no event behind it, up to {@code to} (inclusive), concerns the subscription
     */
    public Uni<Void> advanceUnmatched(String subscription, GlobalPosition from, GlobalPosition to) {
        return run(ADVANCE_UNMATCHED, subscription, from.value(), to.value()).replaceWithVoid();
    }

    /** Records why a subscription does not move; null = it does. */
    Uni<Void> saveError(Lease lease, @Nullable String error) {
        return run(SAVE_ERROR, lease.subscription(), lease.epoch(), error).replaceWithVoid();
    }

    /** A lease with the stored checkpoint. */
    record Reread(Lease lease, GlobalPosition checkpoint) {}

    /**
     * The stored checkpoint, and the lease under a new epoch: what was sent under the old one and
     * is not answered yet, changes nothing. Empty when the lease is lost.
     */
    Uni<Optional<Reread>> reread(Lease lease) {
        return run(REREAD, lease.subscription(), lease.epoch())
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(
                                                row ->
                                                        new Reread(
                                                                new Lease(
                                                                        lease.subscription(),
                                                                        row.getLong("epoch")),
                                                                position(row))));
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static GlobalPosition position(Row row) {
        return new GlobalPosition(row.getLong("position"));
    }

    private static Statement load(String name) {
        return Statement.load(Checkpoints.class, name);
    }
}
