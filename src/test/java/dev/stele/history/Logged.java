package dev.stele.history;

import java.util.UUID;

/** An event as it is read from the log. */
public record Logged(long position, String stream, long version, UUID id, String tag) {

    @Override
    public String toString() {
        return "%d: version %d of %s, %s, %s".formatted(position, version, stream, id, tag);
    }
}
