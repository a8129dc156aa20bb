package dev.stele.http;

import org.jspecify.annotations.Nullable;

/**
 * What the pages of streams and of the log have in common.
 *
 * @param forward oldest first, or else newest first
 * @param limit most events
 * @param schema which shape of the data; events nobody versioned have but one
 * @param generation the log's generation that is asked for; null: whichever it is
 */
record PageRequest(boolean forward, int limit, String schema, @Nullable Long generation) {

    private static final String STORED = "stored";

    static PageRequest of(Query query, HttpConfig config) {
        return new PageRequest(
                query.word("direction", "forward", "backward").equals("forward"),
                query.number("limit", 1, config.pageMax(), config.pageDefault()),
                requireSchema(query),
                Generations.parameter(query));
    }

    /** The {@code schema} parameter. */
    static String requireSchema(Query query) {
        return query.word("schema", "latest", STORED);
    }

    /**
     * Whether a full page of the log can never change: more events only come behind it, and what
     * may no longer be answered is of another generation.
     */
    boolean fixed() {
        return forward && schema.equals(STORED) && generation != null;
    }

    /** The parameters that the next page has as well. */
    String rest() {
        return "limit=%d&direction=%s%s%s"
                .formatted(
                        limit,
                        forward ? "forward" : "backward",
                        schema.equals(STORED) ? "&schema=" + STORED : "",
                        generation == null ? "" : "&" + Generations.PARAMETER + "=" + generation);
    }
}
