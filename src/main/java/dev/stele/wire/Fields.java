package dev.stele.wire;

import io.netty.util.ByteProcessor;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The fields of a head that decide where its request ends (RFC 9112, section 6). */
final class Fields implements ByteProcessor {

    private enum Known {
        LENGTH("content-length"),
        CODING("transfer-encoding"),
        HOST("host"),
        /** Of a handshake older than its standard, whose body of eight bytes nothing announces. */
        OLD_KEY("sec-websocket-key1");

        private final String name;

        Known(String name) {
            this.name = name;
        }

        boolean is(byte[] given, int length) {
            if (length != name.length()) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (given[i] != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Known> ALL = List.of(Known.values());
    private static final int LONGEST_NAME =
            ALL.stream().mapToInt(each -> each.name.length()).max().orElseThrow();

    private static final String NOT_OF_HOST = " \t/@?#\\\"<>^`{|}";
    private static final int SMALL = 0x20;
    private static final int LONGEST_VALUE = 256;
    private static final int MOST_DIGITS = 18;
    private static final String CHUNKED = "chunked";

    private final StringBuilder value = new StringBuilder();
    private final StringBuilder codings = new StringBuilder();
    private final byte[] name = new byte[LONGEST_NAME];
    private int nameLength;
    private @Nullable Known current;
    private boolean hasLength;
    private boolean hasCoding;
    private boolean hasHost;
    private boolean old;
    private long length;

    void clear() {
        codings.setLength(0);
        hasLength = false;
        hasCoding = false;
        hasHost = false;
        length = 0;
        old = false;
    }

    void beginName() {
        nameLength = 0;
    }

    /** Goes on over a name. */
    @Override
    public boolean process(byte octet) {
        if (!Octets.isOfToken(octet)) {
            return false;
        }
        if (nameLength < LONGEST_NAME) {
            // Of what a token may hold, only large letters become letters of these names.
            name[nameLength] = (byte) (octet | SMALL);
        }
        nameLength++;
        return true;
    }

    /** Whether the value of the field whose name has been read must be given here. */
    boolean matters() {
        value.setLength(0);
        current = known();
        return current != null;
    }

    private @Nullable Known known() {
        for (Known each : ALL) {
            if (each.is(name, nameLength)) {
                return each;
            }
        }
        return null;
    }

    void addToValue(byte octet) {
        if (value.length() <= LONGEST_VALUE) {
            value.append((char) (octet & 0xff));
        }
    }

    /** What is wrong with the field that has been read, if it is one of these. */
    @Nullable Malformed endOfField() {
        if (current == null) {
            return null;
        }
        if (value.length() > LONGEST_VALUE && current != Known.CODING) {
            return Malformed.because(
                    "a header that says how long the request is, or for whom, is too long");
        }
        return switch (current) {
            case LENGTH -> endOfLength();
            case CODING -> endOfCoding();
            case HOST -> endOfHost();
            case OLD_KEY -> {
                old = true;
                yield null;
            }
        };
    }

    private @Nullable Malformed endOfCoding() {
        codings.append(hasCoding ? "," : "").append(value);
        hasCoding = true;
        return codings.length() > LONGEST_VALUE ? unknownCoding() : null;
    }

    private @Nullable Malformed endOfHost() {
        if (hasHost) {
            return Malformed.because("the header Host must be given once");
        }
        hasHost = true;
        return isHost(value.toString().strip())
                ? null
                : Malformed.because("the header Host must be a name, or with a port");
    }

    private static boolean isHost(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (NOT_OF_HOST.indexOf(text.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Malformed endOfLength() {
        String text = value.toString().strip();
        if (!isNumber(text) || hasLength) {
            return Malformed.because(
                    "the header Content-Length must be given once, as a number in digits");
        }
        hasLength = true;
        length = Long.parseLong(text);
        return null;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST_DIGITS;
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
                return unknownCoding();
            }
        }
        return each.length == 1
                ? null
                : Malformed.because("the transfer coding chunked must be given once");
    }

    private static Malformed unknownCoding() {
        return Malformed.notImplemented("a transfer coding other than chunked");
    }

    boolean isChunked() {
        return hasCoding;
    }

    /** Bytes of the body, if it is not chunked; 0 without one. */
    long length() {
        return length;
    }
}
