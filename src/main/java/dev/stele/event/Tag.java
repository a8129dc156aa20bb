package dev.stele.event;

/**
 * A label on an event, {@code name:value}, that queries and conditions match.
 *
 * <p>At most 255 bytes of UTF-8, no control characters; name and value are not empty.
 */
public record Tag(String value) implements Comparable<Tag> {

    public Tag {
        Names.requireName("tag", value);
        int colon = value.indexOf(':');
        if (colon <= 0 || colon == value.length() - 1) {
            throw new IllegalArgumentException("tag must have the form name:value");
        }
    }

    @Override
    public int compareTo(Tag other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
