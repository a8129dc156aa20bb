package dev.stele.http;

/** Whole numbers in headers, paths and queries: digits only, up to 2⁵³−1. */
final class WholeNumber {

    static final long MAX = (1L << 53) - 1;

    /** Digits of the largest one. */
    private static final int MAX_DIGITS = 16;

    private WholeNumber() {}

    /**
     * Reads a number.
     *
     * @throws IllegalArgumentException when the text is anything but digits, or too large
     */
    static long parse(String what, String text) {
        if (!isNumber(text) || Long.parseLong(text) > MAX) {
            throw new IllegalArgumentException(what + " must be a whole number from 0 to 2^53-1");
        }
        return Long.parseLong(text);
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MAX_DIGITS;
    }
}
