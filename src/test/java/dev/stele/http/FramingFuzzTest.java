package dev.stele.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Requests by chance over raw connections, many behind one another, some of them broken: each that
 * came whole is answered once and in order, and nothing is that did not come.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class FramingFuzzTest {

    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 6_000);
    private static final int CLIENTS = 4;
    private static final int MOST_AT_ONCE = 12;
    private static final long MOST_GROWTH = 48L << 20;
    private static final Pattern MARK = Pattern.compile("m[0-9a-f]{16}");

    private final AtomicInteger sent = new AtomicInteger();

    /** What comes last over a connection. */
    private enum Ending {
        /** A request that is the last one by its own word. */
        GOOD,
        /** One that cannot be understood; one that could follows. */
        BAD,
        /** One that may be understood or not. */
        MANGLED
    }

    @Test
    void every_request_is_answered_once_or_the_connection_is_closed() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random choices = new Random(seed);

        run(choices, REQUESTS / 4);
        long before = usedBytes();
        run(choices, REQUESTS);

        assertTrue(usedBytes() - before < MOST_GROWTH, () -> before + " → " + usedBytes());
    }

    private void run(Random choices, int until) {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(choices.nextLong());
            clients.add(
                    CompletableFuture.runAsync(
                            () -> {
                                while (sent.get() < until) {
                                    connection(own);
                                }
                            }));
        }
        clients.forEach(CompletableFuture::join);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void connection(Random choices) {
        RandomRequests requests = new RandomRequests(choices);
        List<String> marks = new ArrayList<>();
        List<byte[]> all = new ArrayList<>();
        for (int i = choices.nextInt(MOST_AT_ONCE); i > 0; i--) {
            all.add(requests.good(mark(marks, choices)));
        }
        int whole = all.size();
        Ending ending = Ending.values()[choices.nextInt(Ending.values().length)];
        switch (ending) {
            case GOOD -> {
                all.add(requests.last(mark(marks, choices)));
                whole++;
            }
            case BAD -> all.add(requests.bad(mark(marks, choices)));
            case MANGLED -> all.add(requests.mangled(mark(marks, choices)));
        }
        if (ending != Ending.GOOD) {
            all.add(requests.last(mark(marks, choices)));
        }
        sent.addAndGet(all.size());
        try (Wire wire = Wire.to(RestAssured.port)) {
            send(wire, all, choices);
            if (ending == Ending.MANGLED) {
                wire.awaitAnswers(whole);
                wire.sendNoMore();
            }
            require(ending, marks, whole, finals(wire.answers()));
        } catch (IOException | AssertionError e) {
            String text = String.join("", all.stream().map(FramingFuzzTest::shown).toList());
            throw new AssertionError(ending + " " + whole + " " + text, e);
        }
    }

    private static String shown(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\0", "\\0")
                .replace("\n", "\\n\n");
    }

    private static String mark(List<String> marks, Random choices) {
        marks.add("m%016x".formatted(choices.nextLong()));
        return marks.getLast();
    }

    /** In some pieces, wherever they are cut. */
    private static void send(Wire wire, List<byte[]> requests, Random choices) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        requests.forEach(out::writeBytes);
        byte[] bytes = out.toByteArray();
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + choices.nextInt(bytes.length));
            wire.send(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
    }

    private static List<Wire.Answer> finals(List<Wire.Answer> answers) {
        return answers.stream().filter(answer -> answer.status() >= 200).toList();
    }

    private static void require(
            Ending ending, List<String> marks, int whole, List<Wire.Answer> answers) {
        List<String> answered = answers.stream().map(FramingFuzzTest::mark).toList();
        assertEquals(
                marks.subList(0, whole), answered.subList(0, Math.min(whole, answered.size())));
        for (Wire.Answer answer : answers) {
            assertTrue(answer.status() < 500 || answer.status() == 501, answer::toString);
        }
        List<String> rest = answered.subList(whole, answered.size());
        switch (ending) {
            case GOOD -> assertEquals(List.of(), rest);
            case BAD -> {
                assertEquals(List.of(""), rest, answers::toString);
                int status = answers.getLast().status();
                assertTrue(status == 400 || status == 501, answers.getLast()::toString);
            }
            case MANGLED -> {
                // Of the last two, none is answered twice, nor the second before the first.
                List<String> known = rest.stream().filter(marks::contains).toList();
                assertTrue(rest.size() <= 2 + (rest.contains("") ? 1 : 0), answers::toString);
                assertEquals(
                        marks.subList(whole, marks.size()).stream()
                                .filter(known::contains)
                                .toList(),
                        known);
            }
        }
    }

    /** Of the request that is answered; empty when it could not be read. */
    private static String mark(Wire.Answer answer) {
        Matcher found = MARK.matcher(answer.body());
        return found.find() ? found.group() : "";
    }
}
