package dev.stele.event;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an event's data is when it is not JSON: text, or bytes.
 *
 * @param mediaType as in RFC 9110, as the sender wrote it, at most 255 characters
 * @param binary whether the data is bytes, which JSON can carry as Base64 only
 */
public record ContentType(String mediaType, boolean binary) {

    private static final int MAX_LENGTH = 255;

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private static final Pattern MEDIA_TYPE =
            Pattern.compile(
                    "%1$s/%1$s(?:[ \t]*;[ \t]*%1$s=(?:%1$s|\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\"))*"
                            .formatted(TOKEN));

    /** The mark of data URLs (RFC 2397). No media type ends so: its parameters have values. */
    private static final String BINARY = ";base64";

    public ContentType {
        requireMediaType(mediaType);
    }

    /** Returns {@code text} when it is a media type. */
    public static String requireMediaType(String text) {
        // Bounded before it is matched: the pattern takes stack.
        if (text.length() > MAX_LENGTH || !MEDIA_TYPE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be a media type of at most %d characters, e.g. text/plain"
                            .formatted(MAX_LENGTH));
        }
        return text;
    }

    /** Whether data of a media type is JSON. */
    public static boolean isJson(String mediaType) {
        String essence = essence(mediaType);
        return essence.endsWith("/json") || essence.endsWith("+json");
    }

    /** A media type without its parameters, in lower case. */
    public static String essence(String mediaType) {
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #toString()} writes. */
    public static ContentType parse(String text) {
        return text.endsWith(BINARY)
                ? new ContentType(text.substring(0, text.length() - BINARY.length()), true)
                : new ContentType(text, false);
    }

    /** The media type, and {@code ;base64} behind it for bytes. */
    @Override
    public String toString() {
        return binary ? mediaType + BINARY : mediaType;
    }
}
