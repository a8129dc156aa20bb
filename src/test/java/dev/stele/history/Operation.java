package dev.stele.history;

import java.util.List;
import java.util.UUID;

/** A request of a client and its answer. */
public sealed interface Operation {

    Span span();

    /** One attempt to append; a repeat is another one, of an equal write. */
    record Append(Span span, Write write, Outcome outcome) implements Operation {}

    /** The version of a stream was read; 0: it did not exist. */
    record StreamHead(Span span, String stream, long version) implements Operation {}

    /** A stream was read that was deleted by this event. */
    record DeletedStream(Span span, String stream, UUID tombstone) implements Operation {}

    /**
     * A page of a stream was read. That of a stream which was deleted and started again begins
     * behind its last deletion.
     *
     * @param from its first version
     * @param last whether there was nothing behind it
     */
    record StreamPage(Span span, String stream, long from, List<Logged> events, boolean last)
            implements Operation {}

    /** The newest position was read. */
    record LogHead(Span span, long position) implements Operation {}

    /**
     * A page of the log was read.
     *
     * @param after the position before its first one
     * @param last whether there was nothing behind it
     */
    record LogPage(Span span, long after, List<Logged> events, boolean last) implements Operation {}

    /** A read that got no answer, or one that says nothing. */
    record Unanswered(Span span, String path) implements Operation {}
}
