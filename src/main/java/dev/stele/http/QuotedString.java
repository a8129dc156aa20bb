package dev.stele.http;

/** A value of a header that may stand in quotes (RFC 9110, section 5.6.4). */
final class QuotedString {

    private QuotedString() {}

    /** What a value says: without its quotes, and without \ before what it stands for. */
    static String text(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }
}
