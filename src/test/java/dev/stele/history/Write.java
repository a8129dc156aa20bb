package dev.stele.history;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An append as a client sends it, perhaps more than once.
 *
 * @param tag of all its events, or {@link #NO_TAG}
 * @param failIfAfter it fails when an event with its tag is there after this position; {@link
 *     #NEVER}: no event is
 */
public record Write(Form form, List<Part> parts, String tag, long failIfAfter) {

    /** A version that is not asked for. */
    public static final long ANY = -1;

    /** A position after which there is nothing. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Of an event without tags. */
    public static final String NO_TAG = "";

    /** What it is made of. */
    public sealed interface Form {

        record Events() implements Form {}

        /** To one stream, without conditions on events. */
        record CloudEvents() implements Form {}

        /** The one event is the tombstone of the stream; a repeat is known by the key. */
        record Deletion(String key) implements Form {}
    }

    /** An append of events. */
    public static Write events(List<Part> parts, String tag, long failIfAfter) {
        return new Write(new Form.Events(), parts, tag, failIfAfter);
    }

    /** An append of CloudEvents. */
    public static Write cloudEvents(Part part) {
        return new Write(new Form.CloudEvents(), List.of(part), NO_TAG, NEVER);
    }

    /** A deletion; the id of the tombstone follows from the key. */
    public static Write deletion(String stream, long expected, String key, UUID tombstone) {
        Part part = new Part(stream, expected, List.of(tombstone));
        return new Write(new Form.Deletion(key), List.of(part), NO_TAG, NEVER);
    }

    /**
     * What it appends to one stream.
     *
     * @param expected the version that the stream must be at, 0 = it must not exist, or be deleted;
     *     or {@link #ANY}
     */
    public record Part(String stream, long expected, List<UUID> ids) {

        @Override
        public String toString() {
            return "%s to %s at %s"
                    .formatted(ids, stream, expected == ANY ? "any version" : expected);
        }
    }

    boolean deletes() {
        return form instanceof Form.Deletion;
    }

    Stream<UUID> ids() {
        return parts.stream().flatMap(part -> part.ids().stream());
    }

    @Override
    public String toString() {
        return "%s %s with '%s'%s"
                .formatted(
                        form.getClass().getSimpleName(),
                        parts,
                        tag,
                        failIfAfter == NEVER ? "" : ", the first after " + failIfAfter);
    }
}
