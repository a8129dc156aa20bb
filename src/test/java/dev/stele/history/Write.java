package dev.stele.history;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An append as a client sends it, perhaps more than once.
 *
 * @param tag of all its events
 * @param failIfAfter it fails when an event with its tag is there after this position; {@link
 *     #NEVER}: no event is
 */
public record Write(List<Part> parts, String tag, long failIfAfter) {

    /** A version that is not asked for. */
    public static final long ANY = -1;

    /** A position after which there is nothing. */
    public static final long NEVER = Long.MAX_VALUE;

    /**
     * What it appends to one stream.
     *
     * @param expected the version that the stream must be at, 0 = it must not exist; or {@link
     *     #ANY}
     */
    public record Part(String stream, long expected, List<UUID> ids) {

        @Override
        public String toString() {
            return "%s to %s at %s"
                    .formatted(ids, stream, expected == ANY ? "any version" : expected);
        }
    }

    Stream<UUID> ids() {
        return parts.stream().flatMap(part -> part.ids().stream());
    }

    @Override
    public String toString() {
        return "%s with %s%s"
                .formatted(
                        parts, tag, failIfAfter == NEVER ? "" : ", the first after " + failIfAfter);
    }
}
