package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.Payload;
import dev.stele.postgres.Statement;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the metadata of events, and nothing else of them. */
@ApplicationScoped
public class StoredMetadata {

    private static final Statement READ = Statement.load(StoredMetadata.class, "read-metadata");

    private final Pool pool;
    private final LogConfig config;

    StoredMetadata(Pool pool, LogConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** That of those of the events that are in the log, by their ids; empty where one has none. */
    public Uni<Map<EventId, Optional<Payload>>> of(List<EventId> ids) {
        UUID[] values = ids.stream().map(EventId::value).toArray(UUID[]::new);
        return READ.run(pool, (Object) values)
                .ifNoItem()
                .after(config.readTimeout())
                .fail()
                .map(
                        rows -> {
                            Map<EventId, Optional<Payload>> found = new HashMap<>();
                            for (Row row : rows) {
                                found.put(
                                        new EventId(row.getUUID("id")),
                                        Optional.ofNullable(EventRows.payload(row, "metadata")));
                            }
                            return found;
                        });
    }
}
