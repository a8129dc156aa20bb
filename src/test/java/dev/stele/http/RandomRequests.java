package dev.stele.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * Requests by chance, as HTTP's grammar has them, each with a mark of its own that its answer
 * repeats; and what spoils them.
 */
final class RandomRequests {

    private static final String END = "\r\n";
    private static final List<String> NAMES =
            List.of("X", "Accept-Language", "x-y!#$%&'*+.^_`|~", "Via", "Cookie", "TE", "Range");
    private static final List<String> VALUES =
            List.of("", "a", "a, b;q=0", ",,,", "\"a\\\"b\"", "\u00e9", "a \t b", "x".repeat(300));

    /** What makes of a head one that can be understood in two ways, or in none. */
    private static final List<UnaryOperator<String>> FLAWS =
            List.of(
                    head -> with(head, "Transfer-Encoding: xchunked"),
                    head -> with(head, "Transfer-Encoding: gzip, chunked"),
                    head -> with(head, "Transfer-Encoding: chunked, chunked"),
                    head -> with(head, "Transfer-Encoding: chunked\r\nContent-Length: 3"),
                    head -> with(head, "Content-Length: 3\r\nContent-Length: 4"),
                    head -> with(head, "Content-Length: +3"),
                    head -> with(head, "Content-Length : 3"),
                    head -> with(head, "Host: b"),
                    head -> with(head, "X: y\r\n z"),
                    head -> with(head, "X: y\nZ: a"),
                    head -> with(head, "X: y\rZ: a"),
                    head -> with(head, "X: \0"),
                    head -> with(head, ": y"),
                    head -> with(head, "X"),
                    head -> head.replace("Host: a\r\n", ""),
                    head -> head.replace("HTTP/1.1", "HTTP/1.2"),
                    head -> head.replace(" HTTP/1.1", ""),
                    head -> head.replace(" HTTP", "  HTTP"),
                    head -> head.replaceFirst(" ", "\t"),
                    head -> " " + head,
                    head -> "\0" + head);

    /** Sizes of chunks that are none. */
    private static final List<String> SIZES =
            List.of("10000000c", "100000000", "zz", "", "-1", "0x5", "5 x", " 5", "5\n", "\0");

    private final Random choices;

    RandomRequests(Random choices) {
        this.choices = choices;
    }

    /** A request that has one meaning. */
    byte[] good(String mark) {
        return request(mark, head -> head, false);
    }

    /** The last one over its connection. */
    byte[] last(String mark) {
        return request(mark, head -> with(head, "Connection: close"), false);
    }

    /** A request that has none. */
    byte[] bad(String mark) {
        return choices.nextInt(4) == 0
                ? request(mark, head -> head, true)
                : request(mark, FLAWS.get(choices.nextInt(FLAWS.size())), false);
    }

    /** A request in which some bytes are others, are missing, or are there twice. */
    byte[] mangled(String mark) {
        byte[] bytes = good(mark);
        for (int i = choices.nextInt(3); i >= 0; i--) {
            bytes = mangled(bytes);
        }
        return bytes;
    }

    private byte[] mangled(byte[] bytes) {
        int at = choices.nextInt(bytes.length);
        int to = Math.min(bytes.length, at + choices.nextInt(8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        switch (choices.nextInt(4)) {
            case 0 -> out.write(bytes, to, bytes.length - to);
            case 1 -> out.write(bytes, at / 2, bytes.length - at / 2);
            case 2 -> {
                out.write(" \t\r\n\0:;,0c".charAt(choices.nextInt(10)));
                out.write(bytes, at, bytes.length - at);
            }
            default -> {
                out.write(choices.nextInt(256));
                out.write(bytes, at + 1, bytes.length - at - 1);
            }
        }
        return out.toByteArray();
    }

    private byte[] request(String mark, UnaryOperator<String> spoilt, boolean brokenBody) {
        boolean read = !brokenBody && choices.nextInt(3) == 0;
        StringBuilder head = new StringBuilder();
        head.append(choices.nextInt(8) == 0 ? END : "")
                .append(read ? "GET /v1/log?" + mark + "=1" : "POST /v1/streams/fuzz/events")
                .append(" HTTP/1.1\r\nHost: a\r\n");
        for (int i = choices.nextInt(4); i > 0; i--) {
            head.append(one(NAMES)).append(one(List.of(":", ": ", ":\t "))).append(one(VALUES));
            head.append(one(List.of("", " ", "\t"))).append(END);
        }
        byte[] body = {};
        if (!read) {
            head.append("Content-Type: application/json\r\n");
            body = ("{\"type\":\"A\",\"" + mark + "\":0}").getBytes(StandardCharsets.UTF_8);
            if (choices.nextInt(6) == 0) {
                head.append(one(List.of("Content-Encoding: gzip", "content-encoding:GZIP")))
                        .append(END);
                body = compressed(body);
            }
            if (choices.nextInt(8) == 0) {
                head.append("Expect: 100-continue\r\n");
            }
            if (brokenBody || choices.nextBoolean()) {
                head.append(one(List.of("Transfer-Encoding: chunked", "transfer-encoding:Chunked")))
                        .append(END);
                body = chunks(body, brokenBody);
            } else {
                head.append("Content-Length: ").append(body.length).append(END);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(spoilt.apply(head + END).getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private byte[] chunks(byte[] body, boolean broken) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; ) {
            int length = 1 + choices.nextInt(body.length - at);
            out.writeBytes(text(Integer.toHexString(length)));
            out.writeBytes(text(one(List.of("", "", ";a", " ;a=\"b c\"", ";;="))));
            out.writeBytes(text(END));
            out.write(body, at, length);
            out.writeBytes(text(END));
            at += length;
        }
        out.writeBytes(text(broken ? one(SIZES) : one(List.of("0", "000", "0;a=b"))));
        out.writeBytes(text(END));
        out.writeBytes(text(one(List.of("", "", "X: y\r\n", "Content-Length: 9\r\nA: b\r\n"))));
        out.writeBytes(text(END));
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] compressed(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String with(String head, String lines) {
        return head.substring(0, head.length() - END.length()) + lines + END + END;
    }

    private String one(List<String> all) {
        return all.get(choices.nextInt(all.size()));
    }
}
