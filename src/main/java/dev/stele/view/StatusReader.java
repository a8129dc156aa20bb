package dev.stele.view;

import dev.stele.event.GlobalPosition;
import dev.stele.log.Head;
import dev.stele.log.Lags;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Standing;
import dev.stele.subscription.Standings;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Puts together how views are doing, from the database and from what this replica measures. */
@ApplicationScoped
class StatusReader {

    private static final Statement READ = Statement.load(StatusReader.class, "read-status");
    private static final Statement READ_NAMES =
            Statement.load(StatusReader.class, "read-version-names");

    /** Most readings of versions that come and go all the while. */
    private static final int ATTEMPTS = 5;

    private final Pool pool;
    private final Lags lags;
    private final Head head;
    private final LocalViews locals;
    private final Standings standings;
    private final ViewConfig config;

    StatusReader(
            Pool pool,
            Lags lags,
            Head head,
            LocalViews locals,
            Standings standings,
            ViewConfig config) {
        this.pool = pool;
        this.lags = lags;
        this.head = head;
        this.locals = locals;
        this.standings = standings;
        this.config = config;
    }

    /** A version, and how its subscription is doing. */
    private record Version(Row row, Standing standing) {}

    /** The versions of one name; {@code next} is null when none is being built. */
    private record Versions(Version live, @Nullable Version next) {}

    /** The views of these names, in order of names; null = all views. */
    Uni<List<ViewStatus>> read(String @Nullable [] names) {
        return versions(READ, names, config.countMax() + 1)
                .map(StatusReader::views)
                // Read after the checkpoints, so that none is beyond it.
                .chain(views -> head.read().chain(newest -> statuses(views, newest)));
    }

    /** How the subscriptions of all versions are doing, in order of names. */
    Uni<List<ViewStanding>> standings() {
        return versions(READ_NAMES)
                .map(all -> all.stream().map(StatusReader::viewStanding).toList());
    }

    private static ViewStanding viewStanding(Version version) {
        return new ViewStanding(
                new ViewName(version.row().getString("name")),
                version.row().getInteger("version"),
                version.row().getBoolean("live"),
                state(version),
                version.standing());
    }

    private Uni<List<Version>> versions(Statement statement, @Nullable Object... parameters) {
        return versions(ATTEMPTS, statement, parameters);
    }

    /**
     * Reads again when a live version was removed between the two statements: another one may have
     * taken its name.
     */
    private Uni<List<Version>> versions(
            int attempts, Statement statement, @Nullable Object... parameters) {
        return statement
                .run(pool, parameters)
                .ifNoItem()
                .after(config.answerTimeout())
                .fail()
                .chain(
                        rows ->
                                standings
                                        .of(rows.stream().map(StatusReader::subscription).toList())
                                        .chain(
                                                found ->
                                                        attempts > 1 && isLiveOneGone(rows, found)
                                                                ? versions(
                                                                        attempts - 1,
                                                                        statement,
                                                                        parameters)
                                                                : Uni.createFrom()
                                                                        .item(
                                                                                versions(
                                                                                        rows,
                                                                                        found))));
    }

    private static boolean isLiveOneGone(RowSet<Row> rows, Map<String, Standing> found) {
        return rows.stream()
                .anyMatch(row -> row.getBoolean("live") && !found.containsKey(subscription(row)));
    }

    /** One that is removed between the two statements is left out. */
    private List<Version> versions(RowSet<Row> rows, Map<String, Standing> found) {
        List<Version> all = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Standing standing = found.get(subscription(row));
            if (standing != null) {
                Optional<String> problem = locals.problem(row.getInteger("id"));
                all.add(new Version(row, standing.orRefused(problem)));
            }
        }
        return all;
    }

    private static String subscription(Row row) {
        return ViewUpdater.subscription(row.getInteger("id"));
    }

    private static List<Versions> views(List<Version> all) {
        List<Versions> views = new ArrayList<>();
        for (Version version : all) {
            if (version.row().getBoolean("live")) {
                views.add(new Versions(version, null));
            } else if (!views.isEmpty() && isOfSameView(views.getLast(), version)) {
                views.add(new Versions(views.removeLast().live(), version));
            }
        }
        return views;
    }

    private static boolean isOfSameView(Versions view, Version version) {
        return view.live().row().getString("name").equals(version.row().getString("name"));
    }

    private Uni<List<ViewStatus>> statuses(List<Versions> views, GlobalPosition newest) {
        return lags.seconds(views.stream().map(view -> position(view.live())).toList(), newest)
                .map(lags -> views.stream().map(view -> status(view, newest, lags)).toList());
    }

    private ViewStatus status(
            Versions versions, GlobalPosition newest, Map<GlobalPosition, Double> lags) {
        Version live = versions.live();
        Row row = live.row();
        Version next = versions.next();
        long entries = row.getLong("entries");
        return new ViewStatus(
                new ViewName(row.getString("name")),
                row.getInteger("version"),
                row.getString("definition"),
                state(live),
                position(live),
                newest,
                Objects.requireNonNull(lags.get(position(live))),
                pace(live, newest),
                Math.min(entries, config.countMax()),
                entries <= config.countMax(),
                live.standing().parkedKeys(),
                live.standing().because(),
                live.standing().since(),
                live.standing().owner(),
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

    private ViewStatus.Next next(Version version, GlobalPosition newest) {
        return new ViewStatus.Next(
                version.row().getInteger("version"),
                version.row().getString("definition"),
                state(version),
                position(version),
                ViewStatus.progress(position(version), newest),
                pace(version, newest),
                version.standing().parkedKeys(),
                version.standing().because());
    }

    private static ViewStatus.State state(Version version) {
        if (version.standing().stalled()) {
            return ViewStatus.State.STALLED;
        }
        return version.row().getBoolean("built")
                ? ViewStatus.State.LIVE
                : ViewStatus.State.BUILDING;
    }

    private ViewStatus.@Nullable Pace pace(Version version, GlobalPosition newest) {
        OptionalDouble speed = locals.positionsPerSecond(version.row().getInteger("id"));
        if (state(version) != ViewStatus.State.BUILDING
                || speed.isEmpty()
                || speed.getAsDouble() <= 0) {
            return null;
        }
        long missing = newest.value() - position(version).value();
        return new ViewStatus.Pace(speed.getAsDouble(), missing / speed.getAsDouble());
    }

    private static GlobalPosition position(Version version) {
        return version.standing().position();
    }
}
