package dev.stele.history;

import java.util.Locale;

/**
 * When a client sent a request, and when it had the answer or stopped waiting for one: nanoseconds
 * since the history began.
 */
public record Span(int client, long began, long ended) {

    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "client %d from %.3f to %.3f ms",
                client,
                began / NANOS_PER_MILLI,
                ended / NANOS_PER_MILLI);
    }
}
