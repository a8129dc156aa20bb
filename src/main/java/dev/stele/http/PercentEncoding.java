package dev.stele.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as in RFC 3986, strictly. */
final class PercentEncoding {

    private static final int HEX = 16;

    private PercentEncoding() {}

    /**
     * What a text stands for.
     *
     * @throws IllegalArgumentException when it is not well-formed, or not UTF-8 in the end
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], HEX) : -1;
            int low = high >= 0 ? Character.digit(raw[i + 2], HEX) : -1;
            if (low < 0) {
                throw new IllegalArgumentException("% must be followed by two hexadecimal digits");
            }
            bytes.write(high * HEX + low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("what is percent-encoded must be UTF-8", e);
        }
    }
}
