package dev.stele.history;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an attempt to append came to, as far as the client was told. */
public sealed interface Outcome {

    /** It is in the log, there; {@code repeated} when it was there before this attempt. */
    record Accepted(List<Place> places, boolean repeated) implements Outcome {}

    /** Some checks failed: neither this attempt nor an earlier one had happened until then. */
    record Conflict(List<Failed> failed) implements Outcome {}

    /**
     * A stream was deleted: neither this attempt nor an earlier one had happened until then.
     *
     * @param tombstone of the deletion; empty when the stream was started again since
     */
    record Deleted(Optional<UUID> tombstone) implements Outcome {}

    /** This attempt did not happen. */
    record NotDone() implements Outcome {}

    /** This attempt happened, or did not, or still will. */
    record Unknown() implements Outcome {}

    /** Where the events of one part of an append are. */
    record Place(
            String stream, long firstVersion, long version, long firstPosition, long position) {}

    /** A check that failed. */
    sealed interface Failed {

        /** The stream was at {@code actual}. */
        record AtVersion(String stream, long expected, long actual) implements Failed {}

        /** There were events with the tag, at these positions or more. */
        record Tagged(List<Long> positions) implements Failed {}
    }
}
