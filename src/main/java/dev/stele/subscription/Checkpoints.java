package dev.stele.subscription;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
     * @param landmark the event that it is at; when that is not there, nothing moves
     */
    public record Reached(Lease lease, GlobalPosition atLeast, Landmark landmark) {

        /** Where that event is. */
        public GlobalPosition position() {
            return landmark.position();
        }
    }

    /**
     * Moves a checkpoint, if the lease still holds, and the log still has the event that it goes
     * to.
     *
     * @param atLeast where the stored one must be
     * @param atMost where it may be for the move to be right
     * @return false when nothing changed
     */
    public Uni<Boolean> save(
            Lease lease, GlobalPosition atLeast, GlobalPosition atMost, Landmark next) {
        return run(
                        SAVE,
                        lease.subscription(),
                        lease.epoch(),
                        atLeast.value(),
                        atMost.value(),
                        next.position().value(),
                        next.uuid(),
                        next.generation())
                .map(rows -> rows.size() == 1);
    }

    /** The same, of a slice that was handled up to an event (inclusive) and changed nothing. */
    public Uni<Boolean> save(Lease lease, Slice slice, Landmark reached) {
        return save(lease, slice.checkpointAtLeast(), slice.checkpointAtMost(), reached);
    }

    /**
     * Moves checkpoints forward.
     *
     * @return the names of the subscriptions whose lease still holds, and whose checkpoint was not
     *     further back than it must be, and whose event is there
     */
    public Uni<Set<String>> advance(List<Reached> reached) {
        return run(
                        ADVANCE,
                        reached.stream()
                                .map(each -> each.lease().subscription())
                                .toArray(String[]::new),
                        reached.stream().map(each -> each.lease().epoch()).toArray(Long[]::new),
                        reached.stream().map(each -> each.atLeast().value()).toArray(Long[]::new),
                        reached.stream().map(each -> each.position().value()).toArray(Long[]::new),
                        reached.stream().map(each -> each.landmark().uuid()).toArray(UUID[]::new),
                        reached.stream()
                                .map(each -> each.landmark().generation())
                                .toArray(Integer[]::new))
                .map(
                        rows ->
                                rows.stream()
                                        .map(row -> row.getString("name"))
                                        .collect(Collectors.toSet()));
    }

    /**
     * Moves a checkpoint over events that do not concern the subscription, whoever runs it; does
     * nothing when it is not between the two any more, or when an event is gone by which the log is
     * known.
     *
     * @param from no event behind it, up to {@code to} (inclusive), concerns the subscription
     */
    Uni<Void> advanceUnmatched(String subscription, GlobalPosition from, Landmark to) {
        return run(
                        ADVANCE_UNMATCHED,
                        subscription,
                        from.value(),
                        to.position().value(),
                        to.uuid(),
                        to.generation())
                .replaceWithVoid();
    }

    /** Records why a subscription does not move; null = it does. */
    Uni<Void> saveError(Lease lease, @Nullable String error) {
        return run(SAVE_ERROR, lease.subscription(), lease.epoch(), error).replaceWithVoid();
    }

    /** A lease with the stored checkpoint. */
    record Reread(Lease lease, Landmark checkpoint) {}

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
                                                                landmark(row))));
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    /** The checkpoint that a row has; the event there only when it was written with it. */
    static Landmark landmark(Row row) {
        GlobalPosition position = new GlobalPosition(row.getLong("position"));
        Long last = row.getLong("last_position");
        UUID id = row.getUUID("last_id");
        return id == null || last == null || last != position.value()
                ? Landmark.unnamed(position)
                : new Landmark(position, new EventId(id), row.getInteger("last_generation"));
    }

    private static Statement load(String name) {
        return Statement.load(Checkpoints.class, name);
    }
}
