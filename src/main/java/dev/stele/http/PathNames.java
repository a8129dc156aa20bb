package dev.stele.http;

import dev.stele.event.EventId;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Segments of a path, as the names that they stand for; and back. */
final class PathNames {

    private PathNames() {}

    static StreamId stream(String segment) {
        return named(segment, StreamId::named);
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
            return meaning.apply(PercentEncoding.decode(segment));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("in the path: " + e.getMessage()).asException();
        }
    }

    /** A name as a segment of a path. */
    static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
