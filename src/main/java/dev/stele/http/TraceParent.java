package dev.stele.http;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code traceparent} header of W3C Trace Context, version 00. */
final class TraceParent {

    private static final Pattern VALID =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private TraceParent() {}

    /** The header when it is valid; else null, as the specification says to ignore it. */
    static @Nullable String of(HttpHeaders headers) {
        String value = headers.getHeaderString("traceparent");
        return value != null && VALID.matcher(value).matches() ? value : null;
    }
}
