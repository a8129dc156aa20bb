package dev.stele.history;

import java.util.UUID;

/**
 * An event as it is read from the log.
 *
 * @param tag or {@link Write#NO_TAG}
 * @param tombstone whether it is the deletion of its stream
 */
public record Logged(
        long position, String stream, long version, UUID id, String tag, boolean tombstone) {

    @Override
    public String toString() {
        return "%d: version %d of %s, %s, %s"
                .formatted(position, version, stream, id, tombstone ? "its deletion" : tag);
    }
}
