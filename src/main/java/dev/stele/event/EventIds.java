package dev.stele.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Makes ids for events that came without one. Thread-safe. */
public final class EventIds {

    /** The name space of ids that are derived from an idempotency key. */
    private static final UUID KEY_NAMESPACE =
            UUID.fromString("6f2d1c1e-6a0b-5d0e-9b57-1d8a3f0e7c42");

    /** The name space of ids that are derived from the source and the id of a CloudEvent. */
    private static final UUID CLOUD_EVENT_NAMESPACE =
            UUID.fromString("6fbb5e7a-d6ec-41eb-bd2c-a37eb47437a7");

    /** The name space of ids of messages, where one event makes several. */
    private static final UUID MESSAGE_NAMESPACE =
            UUID.fromString("c2a5a8cb-9f0e-4f58-8a3a-6f1f0a6c3d55");

    /** No stream id, no key, and no attribute of a CloudEvent contains it. */
    private static final char SEPARATOR = '\u0000';

    private static final int RANDOM_BYTES = 10;

    private final Clock clock;
    private final SecureRandom random;

    public EventIds(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** A UUIDv7 (RFC 9562, section 5.7): milliseconds, then 74 random bits. */
    public EventId next() {
        byte[] noise = new byte[RANDOM_BYTES];
        random.nextBytes(noise);
        ByteBuffer bits = ByteBuffer.wrap(noise);
        long high = clock.millis() << 16 | 0x7000L | (bits.getShort() & 0x0fffL);
        long low = (bits.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new EventId(new UUID(high, low));
    }

    /**
     * Ids for the events of an append to one stream, by their index from 0: derived from the
     * idempotency key, or new ones without a key.
     *
     * @param before how many events of the same request were in earlier appends
     */
    public IntFunction<EventId> missing(StreamId stream, @Nullable String key, long before) {
        return key == null ? _ -> next() : index -> ofKey(stream, key, before + index);
    }

    /** The same for an append to many streams; the index counts over all of them. */
    public IntFunction<EventId> missing(@Nullable String key) {
        return key == null ? _ -> next() : index -> ofKey(key, index);
    }

    /**
     * The id of the event at {@code index} (from 0) of an append that was sent with an idempotency
     * key: the same for every repeat, so that the key needs no memory of its own.
     */
    public static EventId ofKey(StreamId stream, String key, long index) {
        return named(KEY_NAMESPACE, stream.value() + SEPARATOR + key + SEPARATOR + index);
    }

    /** The same for an append to many streams; {@code index} counts over all of them. */
    public static EventId ofKey(String key, int index) {
        return named(KEY_NAMESPACE, SEPARATOR + key + SEPARATOR + index);
    }

    /** The id of the message at {@code index} (from 0), of several that an event makes. */
    public static UUID ofMessage(EventId event, int index) {
        return named(MESSAGE_NAMESPACE, event.toString() + SEPARATOR + index).value();
    }

    /**
     * The id of the event that a CloudEvent becomes: its own when that is a UUID, or else one that
     * is derived from its source and its id, the same for every repeat.
     *
     * <p>To CloudEvents, source and id together are the identity. A UUID is one by itself, and its
     * sender finds the event by it; where another event has it already, what tells the two apart is
     * {@link #ofSourceAndId}.
     */
    public static EventId ofCloudEvent(String source, String id) {
        try {
            return EventId.parse(id);
        } catch (IllegalArgumentException _) {
            return ofSourceAndId(source, id);
        }
    }

    /** The id that is derived from the source and the id of a CloudEvent, whatever that id is. */
    public static EventId ofSourceAndId(String source, String id) {
        return named(CLOUD_EVENT_NAMESPACE, source + SEPARATOR + id);
    }

    /** A UUIDv5 (RFC 9562, section 5.5): SHA-1 of name space and name. */
    static EventId named(UUID namespace, String name) {
        ByteBuffer hash = ByteBuffer.wrap(sha1(namespace, name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & 0xffffffffffff0fffL) | 0x5000L;
        long low = (hash.getLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new EventId(new UUID(high, low));
    }

    private static byte[] sha1(UUID namespace, byte[] name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(
                    ByteBuffer.allocate(Long.BYTES * 2)
                            .putLong(namespace.getMostSignificantBits())
                            .putLong(namespace.getLeastSignificantBits())
                            .flip());
            return sha1.digest(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
