package dev.stele.http;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stele.json.EventLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BulkChunksTest {

    private static final int MAX_EVENTS = 3;
    private static final int MAX_BYTES = 20;
    private static final int MAX_LINE = 10;

    @Test
    void a_chunk_ends_with_its_last_event() {
        assertEquals(List.of("1 2 3", "4 5 6", "7"), chunks("a\nb\nc\nd\ne\nf\ng\n"));
        assertEquals(List.of("1 2 3"), chunks("a\nb\nc\n"));
    }

    @Test
    void a_chunk_ends_with_the_line_that_makes_it_large_enough() {
        assertEquals(List.of("1 2", "3"), chunks("0123456789\n0123456789\nx\n"));
        assertEquals(List.of("1 2 3", "4"), chunks("0123456789\n012345678\n0\nx\n"));
    }

    @Test
    void the_last_line_need_not_end() {
        assertEquals(List.of("1 2"), chunks("a\nb"));
        assertEquals(List.of("1 2"), chunks("a\nb\r"));
    }

    @Test
    void empty_lines_are_counted_but_no_events() {
        assertEquals(List.of("2 4 6", "7"), chunks("\na\n \t\nb\r\n\r\nc\nd\n"));
        assertEquals(List.of(), chunks(""));
        assertEquals(List.of(), chunks("\n\r\n"));
    }

    @Test
    void the_ends_of_lines_make_no_difference() {
        String text = "0123456789\n012345678\nxy\n\nz\n0123456789\n0123456789\na";

        assertEquals(chunks(text), chunks(text.replace("\n", "\r\n")));
    }

    @Test
    void a_line_that_is_too_long_is_refused_with_its_chunk() {
        BulkChunk chunk = all("a\nb\nc\nd\n0123456789A\ne\n", 100).get(1);

        assertEquals(4, chunk.firstLine());
        assertEquals(5, chunk.lastLine());
        Problem refusal = requireNonNull(chunk.refusal());
        assertEquals("line 5: the limit event-bytes is 10, and this is 11", refusal.detail());
        assertNull(all("0123456789\r\n", 100).getFirst().refusal());
    }

    @Test
    void a_line_that_does_not_end_is_refused_before_it_has_come() {
        BulkChunks chunks = new BulkChunks(MAX_EVENTS, MAX_BYTES, MAX_LINE);
        chunks.add("0123456789\r".getBytes(StandardCharsets.UTF_8));
        assertNull(chunks.poll());
        chunks.add("0".getBytes(StandardCharsets.UTF_8));

        assertNotNull(requireNonNull(chunks.poll()).refusal());
    }

    @Test
    void the_chunks_are_the_same_however_the_bytes_arrive() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append("0123456789".substring(random.nextInt(11)))
                        .append(random.nextBoolean() ? "\n" : "\r\n");
            }
            List<String> expected = chunks(text.toString());
            for (int size = 1; size < 30; size++) {
                assertEquals(expected, described(all(text.toString(), size)), "-Dseed=" + seed);
            }
        }
    }

    private static List<String> chunks(String text) {
        return described(all(text, Math.max(1, text.length())));
    }

    /** The numbers of the lines of each. */
    private static List<String> described(List<BulkChunk> chunks) {
        List<String> described = new ArrayList<>();
        for (BulkChunk chunk : chunks) {
            described.add(
                    String.join(
                            " ",
                            chunk.lines().stream()
                                    .map(EventLine::number)
                                    .map(String::valueOf)
                                    .toList()));
        }
        return described;
    }

    private static List<BulkChunk> all(String text, int pieceSize) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        BulkChunks chunks = new BulkChunks(MAX_EVENTS, MAX_BYTES, MAX_LINE);
        List<BulkChunk> all = new ArrayList<>();
        for (int start = 0; start < bytes.length; start += pieceSize) {
            chunks.add(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + pieceSize)));
            for (BulkChunk next = chunks.poll(); next != null; next = chunks.poll()) {
                all.add(next);
            }
        }
        for (BulkChunk next = chunks.rest(); !next.lines().isEmpty(); next = chunks.rest()) {
            all.add(next);
        }
        return all;
    }
}
