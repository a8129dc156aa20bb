package dev.stele.log;

import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import java.util.List;

/** What an append came to. */
public sealed interface AppendResult {

    /** The last event of a part of an append: its place in its stream, and in the log. */
    record Place(StreamVersion version, GlobalPosition position) {}

    /** The events are in the log; a place for each part. */
    record Appended(List<Place> places) implements AppendResult {}

    /** The same append was accepted before; the places are of then. */
    record AlreadyAppended(List<Place> places) implements AppendResult {}

    /** Some checks failed. Nothing was written. */
    record Conflict(List<FailedCheck> failed) implements AppendResult {}

    /**
     * A stream is deleted, and the append does not ask for its new beginning. Nothing was written.
     */
    record Deleted(StreamId stream) implements AppendResult {}

    /**
     * These ids are in the log with other content, or as part of another append. Nothing was
     * written.
     */
    record IdReused(List<EventId> ids) implements AppendResult {}

    /**
     * More was appended behind the position that the append was decided on than could be looked
     * through: nothing was written, and a repeat may succeed.
     */
    record Unchecked() implements AppendResult {}

    /**
     * The queue is full, or the database is away: nothing was written, and a repeat may succeed.
     */
    record Overloaded(String reason) implements AppendResult {}

    /** The database's answer was lost: only a repeat with the same ids tells. */
    record OutcomeUnknown(String reason) implements AppendResult {}

    /** The database refused the append for a reason that the edge should have found. */
    record Rejected(String reason) implements AppendResult {}

    /** A check that an append did not pass. */
    sealed interface FailedCheck {

        /** The stream is at {@code actual}. */
        record StreamVersionDiffers(StreamId stream, AppendCondition expected, StreamVersion actual)
                implements FailedCheck {}

        /**
         * There are events that the append must not have before it.
         *
         * @param item which item of its {@link FailIf} they match, from 0
         * @param positions of the first of them, at least one
         */
        record EventsFound(int item, List<GlobalPosition> positions) implements FailedCheck {}

        /** The append was decided on events that are not there: the newest is {@code head}. */
        record AfterBeyondHead(GlobalPosition head) implements FailedCheck {}
    }
}
