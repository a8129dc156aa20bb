package dev.stele.http;

import dev.stele.event.AppendCondition;
import dev.stele.event.StreamVersion;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The preconditions of an append in HTTP's words (RFC 9110, section 13.1). */
final class Preconditions {

    private static final String ANYTHING = "*";

    private Preconditions() {}

    /** What {@code If-Match} and {@code If-None-Match} ask for. */
    static AppendCondition of(HttpHeaders headers) {
        String match = single(headers, HttpHeaders.IF_MATCH);
        String noneMatch = single(headers, HttpHeaders.IF_NONE_MATCH);
        if (match != null && noneMatch != null) {
            throw Problem.invalid("If-Match and If-None-Match exclude each other").asException();
        }
        if (noneMatch != null) {
            if (!noneMatch.equals(ANYTHING)) {
                throw Problem.invalid("If-None-Match must be *: the stream must not exist")
                        .asException();
            }
            return AppendCondition.noStream();
        }
        if (match == null) {
            return AppendCondition.any();
        }
        return match.equals(ANYTHING)
                ? AppendCondition.exists()
                : AppendCondition.atVersion(version(match));
    }

    /** Requires that neither is there, where conditions are said in the body. */
    static void requireNone(HttpHeaders headers) {
        if (single(headers, HttpHeaders.IF_MATCH) != null
                || single(headers, HttpHeaders.IF_NONE_MATCH) != null) {
            throw Problem.invalid(
                            "this append says in its body what it expects, not in If-Match or"
                                    + " If-None-Match")
                    .asException();
        }
    }

    private static StreamVersion version(String match) {
        boolean quoted = match.length() > 2 && match.startsWith("\"") && match.endsWith("\"");
        try {
            if (quoted) {
                return new StreamVersion(
                        WholeNumber.parse("the version", match.substring(1, match.length() - 1)));
            }
        } catch (IllegalArgumentException _) {
            // Said below, as for anything else that is not a version.
        }
        throw Problem.invalid("If-Match must be * or one version in quotes, e.g. \"7\"")
                .asException();
    }

    private static @Nullable String single(HttpHeaders headers, String name) {
        List<String> values = headers.getRequestHeader(name);
        if (values == null || values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw Problem.invalid(name + " may be given once").asException();
        }
        return values.getFirst().strip();
    }
}
