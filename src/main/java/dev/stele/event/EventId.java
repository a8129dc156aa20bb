package dev.stele.event;

import java.util.UUID;

/** The identity of an event, unique in the log for ever. */
public record EventId(UUID value) {

    private static final int TEXT_LENGTH = 36;

    /**
     * Reads the 36-character form of RFC 9562, in either case.
     *
     * @throws IllegalArgumentException when the text has another form (the JDK's parser would
     *     accept shortened groups)
     */
    public static EventId parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("event id must be a UUID of 36 characters");
        }
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return new EventId(uuid);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("event id must be a UUID", e);
        }
        throw new IllegalArgumentException("event id must be a UUID");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
