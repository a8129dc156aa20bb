package dev.stele.view;

import dev.stele.event.GlobalPosition;
import io.vertx.mutiny.sqlclient.Row;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why the entry of a key is behind its view: events of the key are parked.
 *
 * @param parkedAt the first of them; the entry is the fold before it
 * @param because which event failed, and why
 * @param retrying whether they are about to be tried again
 */
public record ParkedEntry(String key, GlobalPosition parkedAt, String because, boolean retrying) {

    /** What the entry reflects. */
    GlobalPosition before() {
        return new GlobalPosition(parkedAt.value() - 1);
    }

    /** Empty when no event of the key is parked. */
    static Optional<ParkedEntry> of(Row row) {
        GlobalPosition parkedAt = parkedAt(row);
        return parkedAt == null
                ? Optional.empty()
                : Optional.of(
                        new ParkedEntry(
                                row.getString("failed_key"),
                                parkedAt,
                                because(row),
                                row.getBoolean("retry")));
    }

    private static String because(Row row) {
        return "the key is parked at event %d (%s) of stream %s: %s"
                .formatted(
                        row.getLong("failed_at"),
                        row.getString("failed_type"),
                        row.getString("failed_stream"),
                        row.getString("error"));
    }

    static @Nullable GlobalPosition parkedAt(Row row) {
        Long position = row.getLong("parked_at");
        return position == null ? null : new GlobalPosition(position);
    }
}
