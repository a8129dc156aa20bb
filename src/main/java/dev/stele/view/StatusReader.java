package dev.stele.view;

import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Puts together how views are doing, from the database and from what this replica measures. */
@ApplicationScoped
class StatusReader {

    private static final Statement READ = Statement.load(StatusReader.class, "read-status");

    private final Pool pool;
    private final EventLog log;
    private final Head head;
    private final LocalViews locals;
    private final ViewConfig config;

    StatusReader(Pool pool, EventLog log, Head head, LocalViews locals, ViewConfig config) {
        this.pool = pool;
        this.log = log;
        this.head = head;
        this.locals = locals;
        this.config = config;
    }

    /** The versions of one name; {@code next} is null when none is being built. */
    private record Versions(Row live, @Nullable Row next) {}

    /** The views of these names, in order of names; null = all views. */
    Uni<List<ViewStatus>> read(String @Nullable [] names) {
        return READ.run(pool, names, config.countMax() + 1)
                .ifNoItem()
                .after(config.answerTimeout())
                .fail()
                .map(StatusReader::versions)
                // Read after the checkpoints, so that none is beyond it.
                .chain(views -> head.read().chain(newest -> statuses(views, newest)));
    }

    private static List<Versions> versions(RowSet<Row> rows) {
        List<Versions> views = new ArrayList<>();
        for (Row row : rows) {
            if (row.getBoolean("live")) {
                views.add(new Versions(row, null));
            } else {
                views.add(new Versions(views.removeLast().live(), row));
            }
        }
        return views;
    }

    private Uni<List<ViewStatus>> statuses(List<Versions> views, GlobalPosition newest) {
        return Multi.createFrom()
                .iterable(views)
                .onItem()
                .transformToUniAndConcatenate(
                        view ->
                                log.lagSeconds(position(view.live()), newest)
                                        .map(lag -> status(view, newest, lag)))
                .collect()
                .asList();
    }

    private ViewStatus status(Versions versions, GlobalPosition newest, double lagSeconds) {
        Row row = versions.live();
        Row next = versions.next();
        OffsetDateTime since = row.getOffsetDateTime("error_since");
        long entries = row.getLong("entries");
        return new ViewStatus(
                new ViewName(row.getString("name")),
                row.getInteger("version"),
                row.getString("definition"),
                state(row),
                position(row),
                newest,
                lagSeconds,
                pace(row, newest),
                Math.min(entries, config.countMax()),
                entries <= config.countMax(),
                row.getLong("parked_keys"),
                because(row),
                since == null ? null : since.toInstant(),
                row.getString("owner"),
                verified(row),
                next == null ? null : next(next, newest));
    }

    private static ViewStatus.@Nullable Verified verified(Row row) {
        OffsetDateTime at = row.getOffsetDateTime("verified_at");
        return at == null
                ? null
                : new ViewStatus.Verified(
                        at.toInstant(),
                        row.getLong("verified_keys"),
                        row.getLong("different_keys"));
    }

    private ViewStatus.Next next(Row row, GlobalPosition newest) {
        return new ViewStatus.Next(
                row.getInteger("version"),
                row.getString("definition"),
                state(row),
                position(row),
                ViewStatus.progress(position(row), newest),
                pace(row, newest),
                row.getLong("parked_keys"),
                because(row));
    }

    private ViewStatus.State state(Row row) {
        if (because(row) != null) {
            return ViewStatus.State.STALLED;
        }
        return row.getBoolean("built") ? ViewStatus.State.LIVE : ViewStatus.State.BUILDING;
    }

    private @Nullable String because(Row row) {
        String error = row.getString("error");
        return error != null ? error : locals.problem(row.getInteger("id")).orElse(null);
    }

    private ViewStatus.@Nullable Pace pace(Row row, GlobalPosition newest) {
        OptionalDouble speed = locals.positionsPerSecond(row.getInteger("id"));
        if (state(row) != ViewStatus.State.BUILDING
                || speed.isEmpty()
                || speed.getAsDouble() <= 0) {
            return null;
        }
        long missing = newest.value() - position(row).value();
        return new ViewStatus.Pace(speed.getAsDouble(), missing / speed.getAsDouble());
    }

    private static GlobalPosition position(Row row) {
        return new GlobalPosition(row.getLong("position"));
    }
}
