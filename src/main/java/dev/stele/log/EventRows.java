package dev.stele.log;

import dev.stele.event.ContentType;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Payload;
import dev.stele.event.RecordedEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of the table of events, as events. */
final class EventRows {

    private EventRows() {}

    static List<RecordedEvent> all(RowSet<Row> rows) {
        List<RecordedEvent> events = new ArrayList<>(rows.size());
        for (Row row : rows) {
            events.add(from(row));
        }
        return events;
    }

    static RecordedEvent from(Row row) {
        return new RecordedEvent(
                new GlobalPosition(row.getLong("position")),
                new StreamId(row.getString("stream")),
                new StreamVersion(row.getLong("version")),
                new EventId(row.getUUID("id")),
                new EventType(row.getString("type")),
                row.getInteger("schema_version"),
                row.getOffsetDateTime("recorded_at").toInstant(),
                row.getString("recorded_by"),
                instant(row, "occurred_at"),
                payload(row, "data"),
                contentType(row),
                payload(row, "metadata"),
                new References(
                        row.getString("correlation_id"),
                        id(row, "causation_id"),
                        row.getString("actor")),
                Arrays.stream(row.getArrayOfStrings("tags")).map(Tag::new).toList(),
                row.getString("traceparent"));
    }

    static @Nullable EventId id(Row row, String column) {
        UUID id = row.getUUID(column);
        return id == null ? null : new EventId(id);
    }

    private static @Nullable Instant instant(Row row, String column) {
        var time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable ContentType contentType(Row row) {
        String text = row.getString("content_type");
        return text == null ? null : ContentType.parse(text);
    }

    static @Nullable Payload payload(Row row, String column) {
        Object bytes = row.getDelegate().getValue(column);
        return bytes == null ? null : Payload.of(((Buffer) bytes).getBytes());
    }
}
