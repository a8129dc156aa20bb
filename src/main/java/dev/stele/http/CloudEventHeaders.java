package dev.stele.http;

import dev.stele.json.Parsed.Flaw;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The attributes of a CloudEvent in binary mode, as in its HTTP protocol binding. */
final class CloudEventHeaders {

    private static final String PREFIX = "ce-";

    private CloudEventHeaders() {}

    /** Whether there are any, valid or not. */
    static boolean areIn(HttpHeaders headers) {
        // Most have none, and a stream would cost each of them more than this.
        for (String header : headers.getRequestHeaders().keySet()) {
            if (isOne(header)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOne(String header) {
        return header.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    /** The attributes by their names; empty when the request is not of that mode. */
    static Map<String, String> of(HttpHeaders headers) {
        if (!areIn(headers)) {
            return Map.of();
        }
        Map<String, String> attributes = new HashMap<>();
        List<Flaw> flaws = new ArrayList<>();
        headers.getRequestHeaders()
                .forEach(
                        (header, values) -> {
                            if (isOne(header)) {
                                String name = header.toLowerCase(Locale.ROOT);
                                try {
                                    attributes.put(
                                            name.substring(PREFIX.length()), attribute(values));
                                } catch (IllegalArgumentException e) {
                                    flaws.add(new Flaw("", name + ": " + e.getMessage()));
                                }
                            }
                        });
        if (!flaws.isEmpty()) {
            throw Problem.flawed(ProblemType.INVALID_REQUEST, flaws).asException();
        }
        return attributes;
    }

    private static String attribute(List<String> values) {
        if (values.size() > 1) {
            throw new IllegalArgumentException("may be given once");
        }
        String value = values.getFirst().strip();
        if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("must be percent-encoded where it is not ASCII");
        }
        // Older versions of the binding had values in quotes.
        return PercentEncoding.decode(QuotedString.text(value));
    }
}
