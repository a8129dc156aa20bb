package dev.stele.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Opaque bytes that travel unchanged from the sender to the disk and to Kafka: the UTF-8 text of
 * one JSON value without insignificant white space, unless a {@link ContentType} beside it says
 * something else.
 *
 * <p>The array is shared, never copied: whoever makes or reads a payload must not change it.
 */
public final class Payload {

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Wraps {@code bytes}, which must not change afterwards. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes);
    }

    /** The payload of a text. */
    public static Payload of(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes themselves, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
