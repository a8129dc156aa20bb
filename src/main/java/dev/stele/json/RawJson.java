package dev.stele.json;

import com.fasterxml.jackson.core.SerializableString;
import dev.stele.event.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Hands a payload's bytes to the generator as they are; only the byte forms are ever asked for. */
record RawJson(Payload payload) implements SerializableString {

    @Override
    public String getValue() {
        return payload.toString();
    }

    @Override
    public int charLength() {
        return getValue().length();
    }

    @Override
    public char[] asQuotedChars() {
        return getValue().toCharArray();
    }

    @Override
    public byte[] asUnquotedUTF8() {
        return payload.bytes();
    }

    @Override
    public byte[] asQuotedUTF8() {
        return payload.bytes();
    }

    @Override
    public int appendQuotedUTF8(byte[] buffer, int offset) {
        return appendUnquotedUTF8(buffer, offset);
    }

    @Override
    public int appendQuoted(char[] buffer, int offset) {
        return appendUnquoted(buffer, offset);
    }

    /**
     * Copies the bytes, or answers -1 when they do not fit: the generator then asks for all of
     * them.
     */
    @Override
    public int appendUnquotedUTF8(byte[] buffer, int offset) {
        byte[] bytes = payload.bytes();
        if (offset + bytes.length > buffer.length) {
            return -1;
        }
        System.arraycopy(bytes, 0, buffer, offset, bytes.length);
        return bytes.length;
    }

    @Override
    public int appendUnquoted(char[] buffer, int offset) {
        String text = getValue();
        if (offset + text.length() > buffer.length) {
            return -1;
        }
        text.getChars(0, text.length(), buffer, offset);
        return text.length();
    }

    @Override
    public int writeQuotedUTF8(OutputStream out) throws IOException {
        return writeUnquotedUTF8(out);
    }

    @Override
    public int writeUnquotedUTF8(OutputStream out) throws IOException {
        out.write(payload.bytes());
        return payload.length();
    }

    @Override
    public int putQuotedUTF8(ByteBuffer buffer) {
        return putUnquotedUTF8(buffer);
    }

    @Override
    public int putUnquotedUTF8(ByteBuffer buffer) {
        if (payload.length() > buffer.remaining()) {
            return -1;
        }
        buffer.put(payload.bytes());
        return payload.length();
    }
}
