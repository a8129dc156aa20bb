package dev.stele.http;

import dev.stele.event.ContentType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@code Accept} so that the framework understands it as RFC 9110 (sections 5.6.1 and 12.5.1)
 * does: it trips over empty elements, and takes {@code q=0} for a wish.
 */
final class Accepted {

    private static final String NOUGHT = "=0";
    private static final String RANGE = "/*";

    /** A type that nobody has. */
    private static final String NOTHING = "x-nothing/x-nothing";

    private static final Pattern REFUSED =
            Pattern.compile("(?i)[^;]*;(?:.*;)?\\s*q=0(?:\\.0{0,3})?\\s*(?:;.*)?");

    /** What there is, the best first, for whoever takes anything but some of it. */
    private static final List<String> ALL =
            List.of("application/json", Representation.BATCH, BulkAnswer.MEDIA_TYPE);

    private Accepted() {}

    static void tidy(MultiMap headers) {
        String first = headers.get(HttpHeaders.ACCEPT);
        if (first == null || !mayTrip(first, headers)) {
            return;
        }
        List<String> accepted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (String line : headers.getAll(HttpHeaders.ACCEPT)) {
            for (String element : line.split(",", -1)) {
                if (REFUSED.matcher(element).matches()) {
                    refused.add(ContentType.essence(element));
                } else if (!element.isBlank()) {
                    accepted.add(element.strip());
                }
            }
        }
        String tidied = tidied(accepted, refused);
        if (tidied == null) {
            headers.remove(HttpHeaders.ACCEPT);
        } else {
            headers.set(HttpHeaders.ACCEPT, tidied);
        }
    }

    /** Most senders say one thing, and this is all that is looked at. */
    private static boolean mayTrip(String first, MultiMap headers) {
        return first.contains(NOUGHT)
                || first.indexOf(',') >= 0
                || first.isBlank()
                || headers.getAll(HttpHeaders.ACCEPT).size() > 1;
    }

    private static @Nullable String tidied(List<String> accepted, List<String> refused) {
        if (accepted.isEmpty()) {
            return refused.isEmpty() ? null : NOTHING;
        }
        List<String> all = new ArrayList<>();
        for (String element : accepted) {
            String essence = ContentType.essence(element);
            if (essence.endsWith(RANGE) && !refused.isEmpty()) {
                String parameters = element.substring(element.indexOf(RANGE) + RANGE.length());
                ALL.stream()
                        .filter(type -> isWithin(essence, type) && !refused.contains(type))
                        .forEach(type -> all.add(type + parameters));
            } else if (!refused.contains(essence)) {
                all.add(element);
            }
        }
        return all.isEmpty() ? NOTHING : String.join(", ", all);
    }

    private static boolean isWithin(String range, String type) {
        return range.startsWith("*") || type.startsWith(range.substring(0, range.length() - 1));
    }
}
