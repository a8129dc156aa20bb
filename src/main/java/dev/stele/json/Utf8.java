package dev.stele.json;

import dev.stele.json.StrictParser.NotJson;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** The encoding of documents. */
final class Utf8 {

    private static final int PIECE_CHARS = 8 * 1024;

    private Utf8() {}

    /** Refuses bytes that are not UTF-8, or that a tokenizer might take for something else. */
    static void require(byte[] document) {
        if (!isUtf8(document)) {
            throw new NotJson("the document is not UTF-8");
        }
        for (byte b : document) {
            // It would also make the tokenizer guess UTF-16 or UTF-32.
            if (b == 0) {
                throw new NotJson("the document contains a NUL byte");
            }
        }
        if (document.length >= 3
                && document[0] == (byte) 0xEF
                && document[1] == (byte) 0xBB
                && document[2] == (byte) 0xBF) {
            throw new NotJson("the document begins with a byte order mark");
        }
    }

    /** Decodes piece by piece: nobody needs the whole text, which would be twice the document. */
    private static boolean isUtf8(byte[] document) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer piece = CharBuffer.allocate(Math.min(document.length, PIECE_CHARS));
        ByteBuffer bytes = ByteBuffer.wrap(document);
        CoderResult result;
        do {
            result = decoder.decode(bytes, piece.clear(), true);
        } while (result.isOverflow());
        return !result.isError();
    }
}
