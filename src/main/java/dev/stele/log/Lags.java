package dev.stele.log;

import dev.stele.event.GlobalPosition;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How far behind in time those are who have handled the log up to some position. */
@ApplicationScoped
public class Lags {

    private static final Statement READ = Statement.load(Lags.class, "read-first-behind");
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Pool pool;
    private final LogConfig config;

    Lags(Pool pool, LogConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /**
     * How many seconds ago the first event after each position was recorded; 0 where there is none.
     *
     * @param newest the newest position as far as it is known
     */
    public Uni<Map<GlobalPosition, Double>> seconds(
            Collection<GlobalPosition> done, GlobalPosition newest) {
        Map<GlobalPosition, Double> lags = new HashMap<>();
        done.forEach(each -> lags.put(each, 0.0));
        Long[] behind =
                lags.keySet().stream()
                        .filter(each -> !each.reached(newest))
                        .map(GlobalPosition::value)
                        .toArray(Long[]::new);
        if (behind.length == 0) {
            return Uni.createFrom().item(lags);
        }
        return READ.run(pool, (Object) behind)
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .invoke(
                        rows ->
                                rows.forEach(
                                        row ->
                                                lags.put(
                                                        new GlobalPosition(row.getLong("position")),
                                                        age(row))))
                .replaceWith(lags);
    }

    private static double age(Row row) {
        Instant recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
        // The database's clock may be ahead of ours.
        return Math.max(0, Duration.between(recordedAt, Instant.now()).toMillis())
                / MILLIS_PER_SECOND;
    }
}
