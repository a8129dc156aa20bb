package dev.stele.event;

import java.util.regex.Pattern;

/** The rules that names share: stream ids, event types and tags; views and publications. */
public final class Names {

    /** Longest name, in bytes of UTF-8. */
    static final int MAX_BYTES = 255;

    private static final Pattern DEFINED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private Names() {}

    /**
     * Returns {@code name} when it may be that of something that is defined: a lower-case letter or
     * digit, then up to 62 of these or {@code -}.
     *
     * @throws IllegalArgumentException otherwise; {@code what} begins the message
     */
    public static String requireDefinedName(String what, String name) {
        if (!DEFINED.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " must match " + DEFINED.pattern());
        }
        return name;
    }

    /**
     * Returns {@code name} when it is 1 to {@value #MAX_BYTES} bytes of well-formed UTF-8 without
     * control characters.
     *
     * @throws IllegalArgumentException otherwise; {@code what} begins the message
     */
    static String requireName(String what, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        int bytes = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(
                        "%s must not contain control characters, found U+%04X"
                                .formatted(what, (int) c));
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == name.length()
                        || !Character.isLowSurrogate(name.charAt(i + 1))) {
                    throw new IllegalArgumentException(
                            "%s must be Unicode text, found an unpaired surrogate".formatted(what));
                }
                i++;
                bytes += 4;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "%s must be at most %d bytes of UTF-8, not %d"
                            .formatted(what, MAX_BYTES, bytes));
        }
        return name;
    }

    /**
     * Whether a name can be a segment of a URL. None is empty, and {@code .} and {@code ..} are
     * steps along the path, percent-encoded or not (RFC 3986, sections 5.2.4 and 6.2.2): whoever
     * resolves such an address comes to another one.
     */
    public static boolean isAddressable(String name) {
        return !name.isEmpty() && !name.equals(".") && !name.equals("..");
    }

    /**
     * Refuses a name that is not empty and still cannot be a segment of a URL.
     *
     * @throws IllegalArgumentException {@code what} begins the message
     */
    static void requireAddressable(String what, String name) {
        if (!isAddressable(name)) {
            throw new IllegalArgumentException(
                    "%s must not be '.' or '..': no address can carry it".formatted(what));
        }
    }

    /** As {@link #requireName}, and without {@code /}, which separates the segments of a URL. */
    static String requirePathName(String what, String name) {
        requireName(what, name);
        if (name.indexOf('/') >= 0) {
            throw new IllegalArgumentException(what + " must not contain '/'");
        }
        return name;
    }
}
