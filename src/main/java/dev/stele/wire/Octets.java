package dev.stele.wire;

import io.netty.util.ByteProcessor;

/** The kinds of bytes that a head is made of (RFC 9110, section 5.6.2; RFC 9112, section 3). */
final class Octets {

    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte BLANK = ' ';
    static final byte TAB = '\t';
    static final byte COLON = ':';

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final int DELETE = 0x7f;
    private static final int ASCII = 0x80;
    private static final int DECIMAL = 10;
    private static final int NO_DIGIT = -1;
    private static final boolean[] TOKEN = new boolean[ASCII];

    static {
        for (int octet = 0; octet < ASCII; octet++) {
            TOKEN[octet] =
                    (octet >= '0' && octet <= '9')
                            || (octet >= 'A' && octet <= 'Z')
                            || (octet >= 'a' && octet <= 'z')
                            || TOKEN_MARKS.indexOf(octet) >= 0;
        }
    }

    /** Goes on over a token. */
    static final ByteProcessor TOKEN_BYTES = Octets::isOfToken;

    /** Goes on over what may stand in a value. */
    static final ByteProcessor VALUE = Octets::isOfValue;

    /** Goes on over what may stand in a target; what is beyond ASCII is judged later. */
    static final ByteProcessor TARGET = Octets::isOfTarget;

    private Octets() {}

    static boolean isOfToken(byte octet) {
        return octet >= 0 && TOKEN[octet];
    }

    static boolean isOfValue(byte octet) {
        return (octet >= BLANK && octet != DELETE) || octet == TAB || octet < 0;
    }

    static boolean isOfTarget(byte octet) {
        return (octet > BLANK && octet != DELETE) || octet < 0;
    }

    static boolean isBlank(byte octet) {
        return octet == BLANK || octet == TAB;
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** Of a hexadecimal digit; negative for any other byte. */
    static int hexadecimal(byte octet) {
        int small = octet | 0x20;
        return isDigit(octet)
                ? octet - '0'
                : small >= 'a' && small <= 'f' ? small - 'a' + DECIMAL : NO_DIGIT;
    }
}
