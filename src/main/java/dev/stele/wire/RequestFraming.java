package dev.stele.wire;

import static dev.stele.wire.Octets.BLANK;
import static dev.stele.wire.Octets.COLON;
import static dev.stele.wire.Octets.CR;
import static dev.stele.wire.Octets.LF;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of requests one after the other, as strictly as RFC 9112 lets a server be, and
 * keeps no more of them than it needs to know where each ends.
 */
final class RequestFraming {

    /** What the next byte is. */
    private enum State {
        BETWEEN,
        EMPTY_LINE,
        METHOD,
        TARGET_BEGIN,
        TARGET,
        VERSION,
        VERSION_END,
        LINE_END,
        FIELD_BEGIN,
        NAME,
        VALUE,
        FIELD_END,
        FIELDS_END,
        BODY,
        SIZE_BEGIN,
        SIZE,
        EXTENSION_BEGIN,
        EXTENSION,
        SIZE_END,
        CHUNK,
        CHUNK_CR,
        CHUNK_END
    }

    private static final String VERSION = "HTTP/1.";
    private static final long LARGEST_CHUNK = Integer.MAX_VALUE;
    private static final int LONGEST_SIZE_LINE = 1_024;

    private final Fields fields = new Fields();
    private State state = State.BETWEEN;
    private boolean firstVersion;
    private boolean fieldMatters;
    private boolean inTrailers;

    /** What has been read of a version, or of the line with a chunk's size. */
    private int count;

    /** Bytes that are left of a body or a chunk. */
    private long left;

    private @Nullable Malformed flaw;

    /** What is wrong at the byte at which {@link #read} stopped. */
    @Nullable Malformed flaw() {
        return flaw;
    }

    /**
     * Reads on.
     *
     * @return the index of the first byte that is wrong; the end of the buffer if none is
     */
    int read(ByteBuf bytes) {
        int end = bytes.writerIndex();
        int at = bytes.readerIndex();
        while (at < end) {
            int next =
                    switch (state) {
                        case BODY, CHUNK -> skipData(at, end);
                        case METHOD -> skip(bytes, at, end, Octets.TOKEN_BYTES);
                        case TARGET -> skip(bytes, at, end, Octets.TARGET);
                        case NAME -> skip(bytes, at, end, fields);
                        case VALUE -> fieldMatters ? at : skip(bytes, at, end, Octets.VALUE);
                        default -> at;
                    };
            if (next < end && (next == at || isText())) {
                flaw = take(bytes.getByte(next));
                if (flaw != null) {
                    return next;
                }
                next++;
            }
            at = next;
        }
        return at;
    }

    private boolean isText() {
        return switch (state) {
            case METHOD, TARGET, NAME, VALUE -> true;
            default -> false;
        };
    }

    private static int skip(ByteBuf bytes, int at, int end, ByteProcessor over) {
        int stop = bytes.forEachByte(at, end - at, over);
        return stop < 0 ? end : stop;
    }

    private int skipData(int at, int end) {
        int data = (int) Math.min(left, end - at);
        left -= data;
        if (left == 0) {
            state = state == State.BODY ? State.BETWEEN : State.CHUNK_CR;
        }
        return at + data;
    }

    private @Nullable Malformed take(byte octet) {
        return switch (state) {
            case BETWEEN -> takeFirst(octet);
            case EMPTY_LINE -> expect(octet, LF, State.BETWEEN, "a line must end with CR LF");
            case METHOD -> takeBehindMethod(octet);
            case TARGET_BEGIN ->
                    Octets.isOfTarget(octet)
                            ? to(State.TARGET)
                            : Malformed.because("one blank must stand before the address");
            case TARGET -> takeBehindTarget(octet);
            case VERSION -> takeOfVersion(octet);
            case VERSION_END ->
                    expect(octet, CR, State.LINE_END, "the version must be HTTP/1.1 or HTTP/1.0");
            case LINE_END, FIELD_END ->
                    expect(octet, LF, State.FIELD_BEGIN, "a line must end with CR LF");
            case FIELD_BEGIN -> takeOfFieldBegin(octet);
            case NAME -> takeBehindName(octet);
            case VALUE -> takeOfValue(octet);
            case FIELDS_END ->
                    octet == LF ? endOfFields() : Malformed.because("a line must end with CR LF");
            case SIZE_BEGIN, SIZE -> takeOfSize(octet);
            case EXTENSION_BEGIN -> takeOfExtensionBegin(octet);
            case EXTENSION -> takeOfExtension(octet);
            case SIZE_END -> octet == LF ? endOfSize() : sizeFlaw();
            case CHUNK_CR -> expect(octet, CR, State.CHUNK_END, "a chunk is longer than its size");
            case CHUNK_END -> expect(octet, LF, State.SIZE_BEGIN, "a chunk must end with CR LF");
            case BODY, CHUNK -> throw new IllegalStateException("data is skipped");
        };
    }

    private @Nullable Malformed to(State next) {
        state = next;
        return null;
    }

    private @Nullable Malformed expect(byte octet, byte expected, State next, String otherwise) {
        return octet == expected ? to(next) : Malformed.because(otherwise);
    }

    private @Nullable Malformed takeFirst(byte octet) {
        if (octet == CR) {
            return to(State.EMPTY_LINE);
        }
        if (Octets.isOfToken(octet)) {
            fields.clear();
            inTrailers = false;
            return to(State.METHOD);
        }
        return Malformed.because("a request must begin with a method");
    }

    private @Nullable Malformed takeBehindMethod(byte octet) {
        return expect(octet, BLANK, State.TARGET_BEGIN, "one blank must follow the method");
    }

    private @Nullable Malformed takeBehindTarget(byte octet) {
        count = 0;
        return expect(octet, BLANK, State.VERSION, "one blank must follow the address");
    }

    private @Nullable Malformed takeOfVersion(byte octet) {
        if (count < VERSION.length()) {
            return octet == VERSION.charAt(count++)
                    ? null
                    : Malformed.because("the version must be HTTP/1.1 or HTTP/1.0");
        }
        firstVersion = octet == '0';
        return firstVersion || octet == '1'
                ? to(State.VERSION_END)
                : Malformed.because("the version must be HTTP/1.1 or HTTP/1.0");
    }

    private @Nullable Malformed takeOfFieldBegin(byte octet) {
        if (octet == CR) {
            return to(State.FIELDS_END);
        }
        if (Octets.isBlank(octet)) {
            return Malformed.because("a header must not go on in the next line");
        }
        fields.beginName();
        state = State.NAME;
        return fields.process(octet) ? null : nameFlaw();
    }

    private @Nullable Malformed takeBehindName(byte octet) {
        fieldMatters = fields.matters() && !inTrailers;
        return octet == COLON ? to(State.VALUE) : nameFlaw();
    }

    private static Malformed nameFlaw() {
        return Malformed.because("a header must begin with its name, and a colon right behind it");
    }

    private @Nullable Malformed takeOfValue(byte octet) {
        if (octet == CR) {
            state = State.FIELD_END;
            return fieldMatters ? fields.endOfField() : null;
        }
        if (!Octets.isOfValue(octet)) {
            return Malformed.because("a header must not have control characters");
        }
        fields.addToValue(octet);
        return null;
    }

    private @Nullable Malformed endOfFields() {
        if (inTrailers) {
            return to(State.BETWEEN);
        }
        Malformed found = fields.endOfHead(firstVersion);
        if (found != null) {
            return found;
        }
        left = fields.length();
        return to(fields.isChunked() ? State.SIZE_BEGIN : left > 0 ? State.BODY : State.BETWEEN);
    }

    private @Nullable Malformed takeOfSize(byte octet) {
        if (state == State.SIZE_BEGIN) {
            count = 0;
            left = 0;
        }
        count++;
        int digit = Octets.hexadecimal(octet);
        if (digit >= 0) {
            left = (left << 4) + digit;
            state = State.SIZE;
            return left <= LARGEST_CHUNK && count <= LONGEST_SIZE_LINE ? null : sizeFlaw();
        }
        if (state == State.SIZE_BEGIN) {
            return sizeFlaw();
        }
        return octet == CR ? to(State.SIZE_END) : takeOfExtensionBegin(octet);
    }

    private @Nullable Malformed takeOfExtensionBegin(byte octet) {
        count++;
        if (octet == ';') {
            return to(State.EXTENSION);
        }
        return Octets.isBlank(octet) && count <= LONGEST_SIZE_LINE
                ? to(State.EXTENSION_BEGIN)
                : sizeFlaw();
    }

    private @Nullable Malformed takeOfExtension(byte octet) {
        count++;
        if (octet == CR) {
            return to(State.SIZE_END);
        }
        return Octets.isOfValue(octet) && count <= LONGEST_SIZE_LINE ? null : sizeFlaw();
    }

    private static Malformed sizeFlaw() {
        return Malformed.because(
                "the size of a chunk must be a number in hexadecimal digits on a line of its own");
    }

    private @Nullable Malformed endOfSize() {
        if (left > 0) {
            return to(State.CHUNK);
        }
        inTrailers = true;
        return to(State.FIELD_BEGIN);
    }
}
