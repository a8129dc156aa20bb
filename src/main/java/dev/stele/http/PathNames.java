package dev.stele.http;

import dev.stele.event.EventId;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Segments of a path, as the names that they stand for; and back. */
final class PathNames {

    private static final int HEX = 16;

    private PathNames() {}

    static StreamId stream(String segment) {
        return named(segment, StreamId::new);
    }

    static EventId eventId(String segment) {
        return named(segment, EventId::parse);
    }

    static StreamVersion version(String segment) {
        return named(segment, text -> new StreamVersion(WholeNumber.parse("version", text)));
    }

    /** A segment as what it stands for; one that cannot stand for it is 400. */
    static <T> T named(String segment, Function<String, T> meaning) {
        try {
            return meaning.apply(decode(segment));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("in the path: " + e.getMessage()).asException();
        }
    }

    /** A name as a segment of a path. */
    static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Percent-decoding as in RFC 3986, strictly: what is not UTF-8 is no name. */
    static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], HEX) : -1;
            int low = high >= 0 ? Character.digit(raw[i + 2], HEX) : -1;
            if (low < 0) {
                throw new IllegalArgumentException("% must be followed by two hexadecimal digits");
            }
            bytes.write(high * HEX + low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the name is not UTF-8", e);
        }
    }
}
