package dev.stele.http;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request, read strictly: unknown ones and repeated ones are 400. */
final class Query {

    private final MultivaluedMap<String, String> parameters;

    private Query(MultivaluedMap<String, String> parameters) {
        this.parameters = parameters;
    }

    /** The parameters of a request that may have just these. */
    static Query of(UriInfo uri, String... allowed) {
        return of(uri.getQueryParameters(), allowed);
    }

    static Query of(MultivaluedMap<String, String> parameters, String... allowed) {
        Set<String> names = Set.copyOf(Arrays.asList(allowed));
        for (String name : parameters.keySet()) {
            if (!names.contains(name)) {
                throw Problem.invalid(
                                "there is no query parameter '%s' here; there is: %s"
                                        .formatted(name, names.isEmpty() ? "none" : sorted(names)))
                        .asException();
            }
        }
        return new Query(parameters);
    }

    /** The one value of a parameter; null when it is not given. */
    @Nullable String text(String name) {
        List<String> values = parameters.get(name);
        if (values == null || values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw Problem.invalid("the query parameter '%s' may be given once".formatted(name))
                    .asException();
        }
        return values.getFirst();
    }

    boolean has(String name) {
        return text(name) != null;
    }

    /** A whole number from 0 to 2⁵³−1, or {@code otherwise} when it is not given. */
    long number(String name, long otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return WholeNumber.parse("the query parameter '" + name + "'", text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(String.valueOf(e.getMessage())).asException();
        }
    }

    /**
     * A whole number from {@code min} to {@code max}, or {@code otherwise} when it is not given.
     */
    int number(String name, int min, int max, int otherwise) {
        long value = number(name, otherwise);
        if (value < min || value > max) {
            throw Problem.invalid(
                            "the query parameter '%s' must be from %d to %d"
                                    .formatted(name, min, max))
                    .asException();
        }
        return (int) value;
    }

    /** One of some words; the first when it is not given. */
    String word(String name, String... words) {
        String text = text(name);
        if (text == null) {
            return words[0];
        }
        if (!Arrays.asList(words).contains(text)) {
            throw Problem.invalid(
                            "the query parameter '%s' must be one of: %s"
                                    .formatted(name, String.join(", ", words)))
                    .asException();
        }
        return text;
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}
