package dev.stele.view;

import java.util.regex.Pattern;

/** The name of a view: a lower-case letter or digit, then up to 62 of these or {@code -}. */
public record ViewName(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public ViewName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("view name must match " + FORM.pattern());
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
