package dev.stele.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFramingTest {

    private static final String HEAD = "POST /a HTTP/1.1\r\nHost: a\r\n";
    private static final String GOOD =
            "\r\n"
                    + HEAD
                    + "Transfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n00\r\nX: y\r\n\r\n"
                    + HEAD
                    + "Content-Length: 5\r\n\r\nhello"
                    + "GET /a HTTP/1.0\r\n\r\n";

    @Test
    void what_is_good_is_good_however_it_is_cut() {
        for (int cut = 0; cut < GOOD.length(); cut++) {
            RequestFraming framing = new RequestFraming();
            assertEquals(cut, framing.read(bytes(GOOD.substring(0, cut))));
            assertEquals(GOOD.length() - cut, framing.read(bytes(GOOD.substring(cut))));
            assertNull(framing.flaw());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEAD + "Host: b\r\n",
                HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                HEAD + "X: y\r\n z",
                HEAD + "Transfer-Encoding: chunked\r\n\r\n10000000c",
                HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc",
                "GET  "
            })
    void what_is_wrong_is_wrong_at_the_same_byte_however_it_is_cut(String bad) {
        RequestFraming whole = new RequestFraming();
        int wrong = whole.read(bytes(GOOD + bad + "GET"));
        for (int cut = 0; cut < wrong; cut++) {
            RequestFraming framing = new RequestFraming();
            String all = GOOD + bad;
            framing.read(bytes(all.substring(0, cut)));
            assertEquals(wrong - cut, framing.read(bytes(all.substring(cut) + "GET")));
            assertEquals(whole.flaw(), framing.flaw());
        }
    }

    @Test
    void whatever_comes_it_stops_within_what_came() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random choices = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] all = (GOOD + GOOD).getBytes(StandardCharsets.ISO_8859_1);
            all[choices.nextInt(all.length)] = (byte) choices.nextInt();
            RequestFraming framing = new RequestFraming();
            int end = framing.read(Unpooled.wrappedBuffer(all));
            assertEquals(framing.flaw() == null, end == all.length);
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }
}
