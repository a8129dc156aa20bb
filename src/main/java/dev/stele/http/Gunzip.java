package dev.stele.http;

import java.io.ByteArrayOutputStream;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes the coding {@code gzip} (RFC 1952) to its last byte: what follows the end and is not
 * another member is an error, not passed over.
 */
final class Gunzip {

    private static final int PIECE = 1 << 16;
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int FLAGS = 3;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;
    private static final int EXTRA = 0x04;
    private static final int HEADER_SUM = 0x02;
    private static final int RESERVED = 0xe0;
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b, 8};

    private final byte[] coded;
    private final LongConsumer grows;
    private final ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private final byte[] piece = new byte[PIECE];
    private int at;

    private Gunzip(byte[] coded, LongConsumer grows) {
        this.coded = coded;
        this.grows = grows;
    }

    /**
     * What was coded.
     *
     * @param grows is given the length that is reached, before it is kept; may throw
     * @throws DataFormatException if it is not, or not only, of that coding
     */
    static byte[] of(byte[] coded, LongConsumer grows) throws DataFormatException {
        Gunzip gunzip = new Gunzip(coded, grows);
        try {
            do {
                gunzip.readMember();
            } while (gunzip.at < coded.length);
            return gunzip.decoded.toByteArray();
        } finally {
            gunzip.inflater.end();
        }
    }

    private void readMember() throws DataFormatException {
        skipHeader();
        inflater.reset();
        sum.reset();
        inflater.setInput(coded, at, coded.length - at);
        while (!inflater.finished()) {
            int length = inflater.inflate(piece);
            if (length == 0 && !inflater.finished()) {
                throw new DataFormatException("it breaks off");
            }
            grows.accept((long) decoded.size() + length);
            sum.update(piece, 0, length);
            decoded.write(piece, 0, length);
        }
        at = coded.length - inflater.getRemaining();
        requireTrailer(sum.getValue(), inflater.getBytesWritten());
    }

    private void requireTrailer(long sum, long length) throws DataFormatException {
        int begin = at;
        skip(TRAILER);
        if (number(begin) != sum || number(begin + TRAILER / 2) != (length & 0xffff_ffffL)) {
            throw new DataFormatException("its check sum is of something else");
        }
    }

    private void skipHeader() throws DataFormatException {
        int begin = at;
        skip(HEADER);
        for (int i = 0; i < MAGIC.length; i++) {
            if (coded[begin + i] != MAGIC[i]) {
                throw new DataFormatException("it does not begin as gzip does");
            }
        }
        int flags = coded[begin + FLAGS];
        if ((flags & RESERVED) != 0) {
            throw new DataFormatException("its header has flags that nobody knows");
        }
        if ((flags & EXTRA) != 0) {
            int length = at;
            skip(2);
            skip(octet(length) | octet(length + 1) << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_SUM) != 0) {
            skip(2);
        }
    }

    private void skipText() throws DataFormatException {
        do {
            skip(1);
        } while (coded[at - 1] != 0);
    }

    private void skip(int bytes) throws DataFormatException {
        if (coded.length - at < bytes) {
            throw new DataFormatException("it breaks off");
        }
        at += bytes;
    }

    private int octet(int index) {
        return coded[index] & 0xff;
    }

    private long number(int index) {
        return octet(index)
                | octet(index + 1) << 8
                | octet(index + 2) << 16
                | (long) octet(index + 3) << 24;
    }
}
