package dev.stele.publish;

import java.util.regex.Pattern;

/** The name of a publication: a lower-case letter or digit, then up to 62 of these or {@code -}. */
public record PublicationName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** The publication that is always there. */
    static final PublicationName EVENTS = new PublicationName("events");

    public PublicationName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("publication name must match " + FORM.pattern());
        }
    }

    /** The name of the subscription that feeds it. */
    String subscription() {
        return "publication/" + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
