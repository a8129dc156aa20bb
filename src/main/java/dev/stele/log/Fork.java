package dev.stele.log;

import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamVersion;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds the last event that the log, which was put back, has in common with what was sent of it.
 */
@ApplicationScoped
public class Fork {

    private static final Statement READ = Statement.load(Fork.class, "read-fork");

    private final Pool pool;
    private final LogConfig config;

    Fork(Pool pool, LogConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** What a message says of its event; no two events of the log have all of it in common. */
    public record Sent(GlobalPosition position, StreamVersion version, Instant recordedAt) {}

    /** The position of the last one that the log still has; empty when it has none of them. */
    public Uni<Optional<GlobalPosition>> last(List<Sent> sent) {
        return READ.run(
                        pool,
                        sent.stream().map(each -> each.position().value()).toArray(Long[]::new),
                        sent.stream().map(each -> each.version().value()).toArray(Long[]::new),
                        sent.stream()
                                .map(each -> each.recordedAt().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new))
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .map(rows -> rows.iterator().next().getLong("position"))
                .map(
                        last ->
                                last == null
                                        ? Optional.<GlobalPosition>empty()
                                        : Optional.of(
                                                new GlobalPosition(Objects.requireNonNull(last))));
    }
}
