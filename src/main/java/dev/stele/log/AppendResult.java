package dev.stele.log;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamVersion;
import java.util.List;

/** What an append came to. */
public sealed interface AppendResult {

    /**
     * The events are in the log.
     *
     * @param version of the last one
     * @param position of the last one
     */
    record Appended(StreamVersion version, GlobalPosition position) implements AppendResult {}

    /** The same append was accepted before; the values are of then. */
    record AlreadyAppended(StreamVersion version, GlobalPosition position)
            implements AppendResult {}

    /** The condition failed: the stream is at {@code actual}. Nothing was written. */
    record Conflict(AppendCondition expected, StreamVersion actual) implements AppendResult {}

    /**
     * These ids are in the log with other content, or as part of another append. Nothing was
     * written.
     */
    record IdReused(List<EventId> ids) implements AppendResult {}

    /**
     * The queue is full, or the database is away: nothing was written, and a repeat may succeed.
     */
    record Overloaded(String reason) implements AppendResult {}

    /** The database's answer was lost: only a repeat with the same ids tells. */
    record OutcomeUnknown(String reason) implements AppendResult {}

    /** The database refused the append for a reason that the edge should have found. */
    record Rejected(String reason) implements AppendResult {}
}
