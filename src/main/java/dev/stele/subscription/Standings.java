package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import dev.stele.subscription.Standing.Cause;
import dev.stele.subscription.Standing.Standstill;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How subscriptions are doing: the one place that decides what is called stalled, and why. Whoever
 * tells of them asks here.
 */
@ApplicationScoped
public class Standings {

    private static final Statement READ = Statement.load(Standings.class, "read-standings");

    private final Pool pool;
    private final SubscriptionConfig config;

    Standings(Pool pool, SubscriptionConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** Those of these names, as far as there are any. */
    public Uni<Map<String, Standing>> of(List<String> names) {
        return READ.run(
                        pool,
                        names.toArray(String[]::new),
                        config.leaseDuration().toMillis(),
                        config.unclaimedAfter().toMillis())
                .ifNoItem()
                .after(config.answerTimeout())
                .fail()
                .map(
                        rows -> {
                            Map<String, Standing> standings = new HashMap<>();
                            rows.forEach(row -> standings.put(row.getString("name"), from(row)));
                            return standings;
                        });
    }

    private static Standing from(Row row) {
        boolean held = row.getBoolean("held");
        return new Standing(
                new GlobalPosition(row.getLong("position")),
                held ? row.getString("owner") : null,
                held ? null : instant(row, "leased_until"),
                row.getLong("parked_keys"),
                standstill(row));
    }

    private static Optional<Standstill> standstill(Row row) {
        if (row.getBoolean("silent")) {
            return Optional.of(silent(row));
        }
        if (row.getBoolean("unclaimed")) {
            return Optional.of(unclaimed(row));
        }
        return Optional.ofNullable(row.getString("error"))
                .map(error -> new Standstill(Cause.FAILURE, error, instant(row, "error_since")));
    }

    private static Standstill silent(Row row) {
        if (row.getBoolean("put_back")) {
            return new Standstill(
                    Cause.SILENT_OWNER,
                    "replica %s has the lease until %s, but the database's clock was put back since, and nothing is heard of it"
                            .formatted(row.getString("owner"), seconds(row, "leased_until")),
                    null);
        }
        Instant heard = instant(row, "heard_at");
        return new Standstill(
                Cause.SILENT_OWNER,
                "replica %s has the lease until %s, and %s"
                        .formatted(
                                row.getString("owner"),
                                seconds(row, "leased_until"),
                                heard == null
                                        ? "nothing is heard of it"
                                        : "nothing was heard of it since "
                                                + seconds(row, "heard_at")),
                heard);
    }

    private static Standstill unclaimed(Row row) {
        String owner = row.getString("owner");
        String because =
                owner == null
                        ? "no replica runs it: the lease is free since %s, and nobody asked for it"
                                .formatted(seconds(row, "leased_until"))
                        : "no replica runs it: replica %s had the lease until %s"
                                .formatted(owner, seconds(row, "leased_until"));
        return new Standstill(Cause.UNCLAIMED, because, instant(row, "leased_until"));
    }

    /** A time for people. */
    private static String seconds(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
