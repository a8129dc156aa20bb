package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamVersion;
import io.vertx.mutiny.sqlclient.Row;
import java.util.Arrays;

/** A row of {@code append_batch}, as the result that it means. */
final class AppendRows {

    private AppendRows() {}

    static AppendResult from(Row row, Append append) {
        StreamVersion version = new StreamVersion(row.getLong("version"));
        String outcome = row.getString("outcome");
        return switch (outcome) {
            case "appended" -> new AppendResult.Appended(version, position(row));
            case "repeated" -> new AppendResult.AlreadyAppended(version, position(row));
            case "conflict" -> new AppendResult.Conflict(append.condition(), version);
            case "id-reused" ->
                    new AppendResult.IdReused(
                            Arrays.stream(row.getArrayOfUUIDs("reused"))
                                    .map(EventId::new)
                                    .toList());
            default -> throw new IllegalStateException("append_batch answered " + outcome);
        };
    }

    private static GlobalPosition position(Row row) {
        return new GlobalPosition(row.getLong("position"));
    }
}
