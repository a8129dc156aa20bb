package dev.stele.http;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request prefers ({@code Prefer}, RFC 7240). What is not understood is ignored; of
 * preferences with one name the first counts.
 *
 * @param values by name, in lower case; empty where a preference has no value
 */
record Preferences(Map<String, String> values) {

    /** The header that says which ones an answer follows. */
    static final String APPLIED = "Preference-Applied";

    private static final Preferences NONE = new Preferences(Map.of());

    static Preferences of(HttpHeaders headers) {
        List<String> lines = headers.getRequestHeader("Prefer");
        if (lines == null || lines.isEmpty()) {
            return NONE;
        }
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            for (String preference : split(line, ',')) {
                // Parameters stand behind it; no preference that is known here has any.
                String bare = split(preference, ';').getFirst();
                int equals = bare.indexOf('=');
                String name = equals < 0 ? bare : bare.substring(0, equals);
                values.putIfAbsent(
                        name.strip().toLowerCase(Locale.ROOT),
                        equals < 0 ? "" : QuotedString.text(bare.substring(equals + 1).strip()));
            }
        }
        return new Preferences(values);
    }

    /** The value of a preference; null when the request does not have it. */
    @Nullable String get(String name) {
        return values.get(name);
    }

    /**
     * What asks for an answer without a body, as {@link #APPLIED} names it: {@code return=minimal},
     * or {@code reply} of Knative's brokers, to whom a body is an event in reply. Null: nothing.
     */
    @Nullable String withoutBody() {
        if (values.isEmpty()) {
            return null;
        }
        List<String> applied = new ArrayList<>();
        if ("minimal".equals(get("return"))) {
            applied.add("return=minimal");
        }
        if (values.containsKey("reply")) {
            applied.add("reply");
        }
        return applied.isEmpty() ? null : String.join(", ", applied);
    }

    /** What is between separators, those in quotes left alone; one part at least. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
