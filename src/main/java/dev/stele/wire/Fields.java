package dev.stele.wire;

import io.netty.util.ByteProcessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head that decide where its request ends (RFC 9112, section 6). Names are known by
 * their hashes: another name with the same hash is taken for one of these, which may refuse a
 * request too many and never lets one through.
 */
final class Fields implements ByteProcessor {

    private static final int LENGTH = hash("content-length");
    private static final int CODING = hash("transfer-encoding");
    private static final int HOST = hash("host");

    /** Of a handshake older than its standard, whose body of eight bytes no header announces. */
    private static final int OLD_KEY = hash("sec-websocket-key1");

    private static final String NOT_OF_HOST = " \t/@?#\\\"<>^`{|}";
    private static final int SMALL = 0x20;
    private static final int FACTOR = 31;
    private static final int LONGEST_VALUE = 256;
    private static final int MOST_DIGITS = 18;
    private static final String CHUNKED = "chunked";

    private final StringBuilder value = new StringBuilder();
    private final StringBuilder codings = new StringBuilder();
    private int name;
    private boolean hasLength;
    private boolean hasCoding;
    private boolean hasHost;
    private boolean old;
    private long length;

    private static int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = FACTOR * hash + (name.charAt(i) | SMALL);
        }
        return hash;
    }

    void clear() {
        codings.setLength(0);
        hasLength = false;
        hasCoding = false;
        hasHost = false;
        length = 0;
        old = false;
    }

    void beginName() {
        name = 0;
    }

    /** Goes on over a name. */
    @Override
    public boolean process(byte octet) {
        if (!Octets.isOfToken(octet)) {
            return false;
        }
        name = FACTOR * name + (octet | SMALL);
        return true;
    }

    /** Whether the value of the field whose name has been read must be given here. */
    boolean matters() {
        value.setLength(0);
        return name == LENGTH || name == CODING || name == HOST || name == OLD_KEY;
    }

    void addToValue(byte octet) {
        if (value.length() <= LONGEST_VALUE) {
            value.append((char) (octet & 0xff));
        }
    }

    /** What is wrong with the field that has been read, if it is one of these. */
    @Nullable Malformed endOfField() {
        if (name == LENGTH) {
            return endOfLength();
        }
        if (name == CODING) {
            codings.append(hasCoding ? "," : "").append(value);
            hasCoding = true;
        } else if (name == HOST) {
            if (hasHost) {
                return Malformed.because("the header Host must be given once");
            }
            hasHost = true;
            if (value.toString().strip().chars().anyMatch(c -> NOT_OF_HOST.indexOf(c) >= 0)) {
                return Malformed.because("the header Host must be a name, or with a port");
            }
        } else if (name == OLD_KEY) {
            old = true;
        }
        return null;
    }

    private @Nullable Malformed endOfLength() {
        String text = value.toString().strip();
        boolean isNumber =
                !text.isEmpty()
                        && text.length() <= MOST_DIGITS
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber || hasLength) {
            return Malformed.because(
                    "the header Content-Length must be given once, as a number in digits");
        }
        hasLength = true;
        length = Long.parseLong(text);
        return null;
    }

    /** What is wrong with all of them together. */
    @Nullable Malformed endOfHead(boolean firstVersion) {
        if (!hasHost && !firstVersion) {
            return Malformed.because("the header Host is not given");
        }
        if (old) {
            return Malformed.because("the header Sec-WebSocket-Key1 is of no standard");
        }
        if (!hasCoding) {
            return null;
        }
        if (firstVersion) {
            return Malformed.because("HTTP/1.0 has no header Transfer-Encoding");
        }
        if (hasLength) {
            return Malformed.because(
                    "the headers Content-Length and Transfer-Encoding contradict each other");
        }
        return coding(codings.toString().toLowerCase(Locale.ROOT));
    }

    private static @Nullable Malformed coding(String all) {
        String[] each = all.split(",", -1);
        for (String one : each) {
            String name = one.strip();
            if (name.isEmpty()) {
                return Malformed.because("the header Transfer-Encoding has an empty coding");
            }
            if (!name.equals(CHUNKED)) {
                return Malformed.notImplemented("a transfer coding other than chunked");
            }
        }
        return each.length == 1
                ? null
                : Malformed.because("the transfer coding chunked must be given once");
    }

    boolean isChunked() {
        return hasCoding;
    }

    /** Bytes of the body, if it is not chunked; 0 without one. */
    long length() {
        return length;
    }
}
