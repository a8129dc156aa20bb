package dev.stele.view;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Some of all possible keys, chosen by their places alone, so that a key without an entry is found
 * as well as one with a wrong entry.
 *
 * <p>A key's place is the first 32 bits of its MD5, turned round by {@code offset}; the statements
 * of this package calculate the same. It depends on the key in a way that nobody's keys have a
 * pattern in; nothing here has to withstand an attacker.
 *
 * @param from the first place
 * @param to the place behind the last one
 */
record KeyRange(long offset, long from, long to) {

    private static final long PLACES = 1L << 32;

    /** All keys. */
    static final KeyRange ALL = new KeyRange(0, 0, PLACES);

    /** The keys from a place that is as good as any other, as far as all of them go. */
    static KeyRange from(long offset) {
        return new KeyRange(offset & (PLACES - 1), 0, PLACES);
    }

    KeyRange until(long place) {
        return new KeyRange(offset, from, place);
    }

    boolean contains(String key) {
        long place = (hash(key) + offset) & (PLACES - 1);
        return place >= from && place < to;
    }

    /** Which part of all keys these are. */
    double share() {
        return (double) (to - from) / PLACES;
    }

    boolean canBeHalved() {
        return to - from > 1;
    }

    List<KeyRange> halves() {
        long middle = from + (to - from) / 2;
        return List.of(new KeyRange(offset, from, middle), new KeyRange(offset, middle, to));
    }

    private static long hash(String key) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] digest = md5.digest(key.getBytes(StandardCharsets.UTF_8));
            return Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
