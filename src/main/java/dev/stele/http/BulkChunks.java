package dev.stele.http;

import dev.stele.json.EventLimits;
import dev.stele.json.EventLine;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the body of a bulk load into chunks.
 *
 * <p>Where a chunk ends depends on its own lines only: not on how the bytes arrive, and not on what
 * comes before it. So the same lines make the same appends when they are sent again, and a sender
 * may as well go on with the first line of a chunk. Empty lines, and how lines end, make no
 * difference.
 *
 * <p>Holds one chunk at most, and no line that is longer than an event may be.
 */
final class BulkChunks {

    private final int maxEvents;
    private final int maxBytes;
    private final int maxLine;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private List<EventLine> lines = new ArrayList<>();
    private int bytes;
    private long firstLine;
    private long number = 1;
    private byte[] piece = {};
    private int next;

    BulkChunks(HttpConfig config, EventLimits limits) {
        this(
                Math.min(config.bulkChunkEvents(), limits.appendEvents()),
                config.bulkChunkBytes(),
                limits.eventBytes());
    }

    BulkChunks(int maxEvents, int maxBytes, int maxLine) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.maxLine = maxLine;
    }

    /** Takes the next piece of the body; the one before must be used up. */
    void add(byte[] arrived) {
        piece = arrived;
        next = 0;
    }

    /** The next chunk; null when the pieces so far are used up and it is not at its end. */
    @Nullable BulkChunk poll() {
        while (next < piece.length) {
            int end = endOfLine();
            line.write(piece, next, end - next);
            next = Math.min(end + 1, piece.length);
            boolean isWhole = end < piece.length;
            // One that has not ended yet may still turn out to end in CR LF.
            BulkChunk chunk =
                    isWhole ? endLine() : line.size() > maxLine + 1 ? refused(line.size()) : null;
            if (chunk != null) {
                return chunk;
            }
        }
        return null;
    }

    /** The last chunk, when the body has ended; it may be without lines. */
    BulkChunk rest() {
        BulkChunk chunk = line.size() == 0 ? null : endLine();
        return chunk == null ? take(null) : chunk;
    }

    private int endOfLine() {
        int end = next;
        while (end < piece.length && piece[end] != '\n') {
            end++;
        }
        return end;
    }

    private @Nullable BulkChunk endLine() {
        byte[] text = withoutReturn(line.toByteArray());
        line.reset();
        if (text.length > maxLine) {
            return refused(text.length);
        }
        if (!isBlank(text)) {
            firstLine = lines.isEmpty() ? number : firstLine;
            lines.add(new EventLine(number, text));
            bytes += text.length;
        }
        number++;
        return lines.size() == maxEvents || bytes >= maxBytes ? take(null) : null;
    }

    private BulkChunk refused(int length) {
        firstLine = lines.isEmpty() ? number : firstLine;
        lines.add(new EventLine(number, new byte[0]));
        return take(Problem.tooLarge(number, "event-bytes", length, maxLine));
    }

    private BulkChunk take(@Nullable Problem refusal) {
        long lastLine = lines.isEmpty() ? number : lines.getLast().number();
        BulkChunk chunk = new BulkChunk(firstLine, lastLine, lines, bytes, refusal);
        lines = new ArrayList<>();
        bytes = 0;
        return chunk;
    }

    private static byte[] withoutReturn(byte[] text) {
        boolean returns = text.length > 0 && text[text.length - 1] == '\r';
        return returns ? Arrays.copyOf(text, text.length - 1) : text;
    }

    private static boolean isBlank(byte[] text) {
        for (byte one : text) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }
}
