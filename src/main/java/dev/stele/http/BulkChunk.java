package dev.stele.http;

import dev.stele.json.EventLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a bulk load that are appended together. One without lines is the end of the body.
 *
 * @param firstLine where it begins in the body, from 1
 * @param lastLine where it ends, inclusive
 * @param bytes of its lines, without their ends
 * @param refusal why it cannot be appended, as far as the lines themselves say so
 */
record BulkChunk(
        long firstLine,
        long lastLine,
        List<EventLine> lines,
        int bytes,
        @Nullable Problem refusal) {}
