package dev.stele.http;

import dev.stele.event.StreamId;
import dev.stele.json.Times;
import dev.stele.log.EventLog.StreamInfo;

/** What is said of streams that cannot be read or written. */
final class StreamProblems {

    private StreamProblems() {}

    static Problem notFound(StreamId stream) {
        return Problem.of(
                ProblemType.STREAM_NOT_FOUND,
                "no event was ever appended to '%s'".formatted(stream));
    }

    static Problem deleted(StreamInfo.Deleted deleted) {
        return deleted(deleted.stream())
                .with(
                        out -> {
                            out.writeStringField("deletedAt", Times.format(deleted.deletedAt()));
                            if (deleted.reason() != null) {
                                out.writeStringField("reason", deleted.reason());
                            }
                        });
    }

    /** One that was deleted when an append was judged, and is not any more. */
    static Problem deleted(StreamId stream) {
        return Problem.of(
                ProblemType.STREAM_DELETED,
                "'%s' is deleted; an append that expects no stream starts it again"
                        .formatted(stream));
    }
}
