package dev.stele.view;

import dev.stele.definition.Programs;
import dev.stele.definition.PutResult;
import dev.stele.definition.Understood;
import dev.stele.event.GlobalPosition;
import dev.stele.job.Jobs;
import dev.stele.json.CanonicalJson;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Parked;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The views: their definitions, how they are doing, and what is in them. */
@ApplicationScoped
public class Views {

    private static final Statement READ_ENTRY = Statement.load(Views.class, "read-entry");
    private static final Statement READ_ENTRIES = Statement.load(Views.class, "read-entries");
    private static final Statement READ_LIVE = Statement.load(Views.class, "read-live-version");

    /** What is said of answers that come from what is gone. */
    public static final String RESTORED = "the log was restored";

    private final Pool pool;
    private final ViewTable table;
    private final LocalViews locals;
    private final StatusReader statuses;
    private final CheckpointWatch watch;
    private final Programs programs;
    private final Verifier verifier;
    private final ViewConfig config;

    Views(
            Pool pool,
            ViewTable table,
            LocalViews locals,
            StatusReader statuses,
            CheckpointWatch watch,
            Programs programs,
            Verifier verifier,
            ViewConfig config) {
        this.pool = pool;
        this.table = table;
        this.locals = locals;
        this.statuses = statuses;
        this.watch = watch;
        this.programs = programs;
        this.verifier = verifier;
        this.config = config;
    }

    /**
     * The state of one key.
     *
     * @param value JSON, without insignificant white space
     * @param position of the last event that was folded into it
     * @param updatedAt when that event was recorded
     * @param parkedAt the first event of the key that is parked: the entry is the fold before it;
     *     null when the key is not parked
     */
    public record Entry(
            String key,
            String value,
            GlobalPosition position,
            Instant updatedAt,
            @Nullable GlobalPosition parkedAt) {}

    /** What was found in a view. */
    public sealed interface Read {

        /** The answer reflects the events up to there, and no others. */
        GlobalPosition position();

        /** Why that is not further, if a parked key is the reason. */
        default Optional<ParkedEntry> parked() {
            return Optional.empty();
        }

        /**
         * The generation of the log that it reflects, when that is one of before the log was put
         * back; empty when it is the log as it is.
         */
        OptionalInt staleSince();

        /** Whether the answer reflects the log as it is, up to a position at least. */
        default boolean reflects(GlobalPosition wanted) {
            return reflects(position(), staleSince().isPresent(), wanted);
        }

        /** What is stale reflects nothing of the log as it is. */
        static boolean reflects(GlobalPosition position, boolean stale, GlobalPosition wanted) {
            return position.reached(wanted) && (!stale || wanted.equals(GlobalPosition.BEGINNING));
        }
    }

    /**
     * An entry, if there is one, as of {@code position}: the fold up to just there. That is the
     * view's checkpoint, or, if the key is parked, just before its first parked event.
     *
     * @param viewId of the version; no other version of any view ever has it
     */
    public record EntryRead(
            int viewId,
            int viewVersion,
            GlobalPosition position,
            OptionalInt staleSince,
            Optional<Entry> entry,
            Optional<ParkedEntry> parked)
            implements Read {}

    /**
     * Entries in the order of their keys' bytes, as of {@code position}.
     *
     * @param viewId of the version; no other version of any view ever has it
     * @param full whether there may be more behind them
     */
    public record PageRead(
            int viewId,
            int viewVersion,
            GlobalPosition position,
            OptionalInt staleSince,
            List<Entry> entries,
            boolean full)
            implements Read {}

    /** Makes, changes or keeps a view; {@code definition} is JSON as it was sent. */
    public Uni<PutResult> put(ViewName name, byte[] definition) {
        return programs.call(
                        () -> DefinitionReader.understand(definition, config, programs.limits()))
                .chain(
                        understood ->
                                switch (understood) {
                                    case Understood.Refused<CompiledView>(var refusal) ->
                                            Uni.createFrom().item(refusal);
                                    case Understood.Runs<CompiledView>(var view) ->
                                            table.put(name, view.definition())
                                                    .call(locals::refresh);
                                });
    }

    /** Removes a view, with its entries; false when there is none. */
    public Uni<Boolean> delete(ViewName name) {
        return table.delete(name).call(locals::refresh);
    }

    /**
     * Starts to compare entries of a view with their fold from the log; empty when there is no such
     * view.
     *
     * @param sample how many keys; empty = all
     */
    public Uni<Optional<Jobs.Asked>> verify(ViewName name, OptionalInt sample) {
        return verifier.verify(name, sample);
    }

    /** Most keys of a sample. */
    public int sampleMax() {
        return config.verify().sampleMax();
    }

    /** How a view is doing; empty when there is none of that name. */
    public Uni<Optional<ViewStatus>> get(ViewName name) {
        return statuses.read(new String[] {name.value()}).map(found -> found.stream().findFirst());
    }

    /** How all views are doing, by name. */
    public Uni<List<ViewStatus>> list() {
        return statuses.read(null);
    }

    /** How the subscriptions of all versions of views are doing, by name. */
    public Uni<List<ViewStanding>> standings() {
        return statuses.standings();
    }

    /** Whose parked keys a view's are: the live version's; empty when there is no such view. */
    public Uni<Optional<Parked.Of>> parked(ViewName name) {
        return run(READ_LIVE, name.value())
                .map(
                        rows ->
                                rows.stream()
                                        .findFirst()
                                        .map(
                                                row ->
                                                        new Parked.Of(
                                                                ViewUpdater.subscription(
                                                                        row.getInteger("id")),
                                                                name.definition(),
                                                                row.getInteger("version"))));
    }

    /** An entry of a view; empty when there is no such view. */
    public Uni<Optional<EntryRead>> entry(ViewName name, String key) {
        // A key that PostgreSQL cannot hold is the key of no entry.
        String storable = CanonicalJson.problem(key) == null ? key : null;
        return run(READ_ENTRY, name.value(), storable)
                .map(rows -> rows.stream().findFirst().map(Views::entryRead));
    }

    /**
     * Entries of a view; empty when there is no such view.
     *
     * @param afterKey exclusive; null = from the first one
     */
    public Uni<Optional<PageRead>> entries(ViewName name, @Nullable String afterKey, int limit) {
        return run(READ_ENTRIES, name.value(), afterKey, limit, config.pageMaxBytes())
                .map(rows -> page(rows, limit));
    }

    /**
     * Waits until reads of a view reflect a position.
     *
     * @param atMost the longest wait; zero = only look
     */
    public Uni<Freshness> caughtUp(ViewName name, GlobalPosition min, Duration atMost) {
        return watch.caughtUp(name, min, atMost);
    }

    private Uni<RowSet<Row>> run(Statement statement, @Nullable Object... parameters) {
        return statement.run(pool, parameters).ifNoItem().after(config.answerTimeout()).fail();
    }

    private static EntryRead entryRead(Row row) {
        Optional<ParkedEntry> parked = ParkedEntry.of(row);
        return new EntryRead(
                row.getInteger("id"),
                row.getInteger("version"),
                parked.map(ParkedEntry::before).orElseGet(() -> checkpoint(row)),
                staleSince(row),
                entry(row),
                parked);
    }

    private static Optional<PageRead> page(RowSet<Row> rows, int limit) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row first = rows.iterator().next();
        List<Entry> entries = new ArrayList<>(rows.size());
        rows.forEach(row -> entry(row).ifPresent(entries::add));
        boolean cut = !entries.isEmpty() && first.getLong("available") > entries.size();
        return Optional.of(
                new PageRead(
                        first.getInteger("id"),
                        first.getInteger("version"),
                        checkpoint(first),
                        staleSince(first),
                        entries,
                        cut || entries.size() == limit));
    }

    private static Optional<Entry> entry(Row row) {
        String key = row.getString("key");
        return key == null
                ? Optional.empty()
                : Optional.of(
                        new Entry(
                                key,
                                row.getString("value"),
                                new GlobalPosition(row.getLong("position")),
                                row.getOffsetDateTime("updated_at").toInstant(),
                                ParkedEntry.parkedAt(row)));
    }

    private static OptionalInt staleSince(Row row) {
        Integer generation = row.getInteger("last_generation");
        return row.getBoolean("stale")
                ? OptionalInt.of(generation == null ? 1 : generation)
                : OptionalInt.empty();
    }

    private static GlobalPosition checkpoint(Row row) {
        return new GlobalPosition(row.getLong("checkpoint"));
    }
}
