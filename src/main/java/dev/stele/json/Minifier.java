package dev.stele.json;

import java.util.Arrays;

/**
 * Removes insignificant white space from JSON that is known to be well-formed; nothing else
 * changes.
 */
final class Minifier {

    private Minifier() {}

    /** A copy of {@code json[start, end)} without white space outside strings. */
    static byte[] minify(byte[] json, int start, int end) {
        byte[] kept = new byte[end - start];
        int length = 0;
        boolean inString = false;
        for (int i = start; i < end; i++) {
            byte b = json[i];
            if (inString) {
                kept[length++] = b;
                if (b == '\\') {
                    kept[length++] = json[++i];
                } else if (b == '"') {
                    inString = false;
                }
            } else if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                kept[length++] = b;
                inString = b == '"';
            }
        }
        return length == kept.length ? kept : Arrays.copyOf(kept, length);
    }
}
