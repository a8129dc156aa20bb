package dev.stele.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.json.NewEventReader.NewEvents;
import dev.stele.json.Parsed.Flaw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NewEventReaderTest {

    private final NewEventReader reader = new NewEventReader(new SmallLimits());

    @Test
    void a_single_event_is_an_append_of_one() {
        NewEvents events = valid("{\"type\":\"A\"}");

        assertEquals(1, events.events().size());
        assertEquals(false, events.idsGiven());
    }

    @Test
    void ids_that_are_missing_are_made_by_place() {
        NewEvents events =
                valid(
                        "[{\"type\":\"A\"},{\"type\":\"B\",\"id\":\"00000000-0000-0000-0000-0000000000AA\"},{\"type\":\"C\"}]");

        assertEquals(true, events.idsGiven());
        assertEquals(
                List.of(id(0), id(0xaa), id(2)),
                events.events().stream().map(NewEvent::id).toList());
    }

    @Test
    void data_keeps_its_text_but_for_white_space() {
        NewEvent event =
                only("{ \"data\" : { \"a\" : [ 1.10 , \"\\u00e9 \\\" \" ] } , \"type\" : \"A\" }");

        assertEquals("{\"a\":[1.10,\"\\u00e9 \\\" \"]}", String.valueOf(event.data()));
    }

    @Test
    void data_at_the_end_of_the_event_is_cut_where_it_ends() {
        assertEquals("12", String.valueOf(only("{\"type\":\"A\",\"data\":12 }").data()));
        assertEquals("true", String.valueOf(only("{\"type\":\"A\",\"data\":true}").data()));
        assertEquals("\"x\"", String.valueOf(only("{\"type\":\"A\",\"data\":\"x\"}").data()));
    }

    @Test
    void empty_metadata_is_no_metadata() {
        assertNull(only("{\"type\":\"A\",\"metadata\":{ }}").metadata());
    }

    @Test
    void tags_are_a_sorted_set() {
        assertEquals(
                "[a:1, b:2]",
                only("{\"type\":\"A\",\"tags\":[\"b:2\",\"a:1\"]}").tags().toString());
    }

    @Test
    void limits_count_what_was_sent() {
        tooLarge(
                "[{\"type\":\"A\"},{\"type\":\"A\"},{\"type\":\"A\"},{\"type\":\"A\"},{\"type\":\"A\"}]",
                "append-events",
                5);
        tooLarge("{\"type\":\"A\",\"tags\":[\"a:1\",\"a:2\",\"a:3\"]}", "event-tags", 3);
        tooLarge("{\"type\":\"A\",\"metadata\":{\"k\":\"0123456789abc\"}}", "metadata-bytes", 21);
        tooLarge("{\"type\":\"A\",\"data\":\"" + "x".repeat(79) + "\"}", "event-bytes", 101);
        tooLarge(" ".repeat(1_001), "append-bytes", 1_001);
    }

    @Test
    void what_is_wrong_with_lines_is_told_of_each() {
        assertEquals(
                List.of(
                        new Flaw(7, "", "the document ends too early"),
                        new Flaw(8, "/type", "must be a string")),
                ((Parsed.Invalid<NewEvents>) lines(7, "", "{\"type\":1}", "{\"type\":\"A\"}"))
                        .flaws());
        assertEquals(
                new Parsed.TooLarge<NewEvents>(8, "event-tags", 3, 2),
                lines(
                        7,
                        "{\"type\":\"A\"}",
                        "{\"type\":\"A\",\"tags\":[\"a:1\",\"a:2\",\"a:3\"]}"));
    }

    @Test
    void lines_are_one_append() {
        String id = "{\"type\":\"A\",\"id\":\"00000000-0000-0000-0000-0000000000AA\"}";

        assertEquals(
                List.of(id(0), id(0xaa), id(2)),
                ((Parsed.Valid<NewEvents>) lines(1, "{\"type\":\"A\"}", id, "{\"type\":\"A\"}"))
                        .value().events().stream().map(NewEvent::id).toList());
        assertEquals(
                List.of(new Flaw(2, "/id", "an earlier event of the same append has this id")),
                ((Parsed.Invalid<NewEvents>) lines(1, id, id)).flaws());
    }

    private Parsed<NewEvents> lines(int first, String... texts) {
        List<EventLine> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(new EventLine(first + lines.size(), text.getBytes(StandardCharsets.UTF_8)));
        }
        return reader.read(lines, NewEventReaderTest::id);
    }

    private NewEvents valid(String json) {
        return ((Parsed.Valid<NewEvents>) read(json)).value();
    }

    private NewEvent only(String json) {
        return valid(json).events().getFirst();
    }

    private void tooLarge(String json, String limit, long actual) {
        assertEquals(new Parsed.TooLarge<NewEvents>(limit, actual, max(limit)), read(json));
    }

    private static long max(String limit) {
        return switch (limit) {
            case "append-events" -> 3;
            case "event-tags" -> 2;
            case "metadata-bytes" -> 20;
            case "event-bytes" -> 100;
            default -> 1_000;
        };
    }

    private Parsed<NewEvents> read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8), NewEventReaderTest::id);
    }

    private static EventId id(long low) {
        return new EventId(new UUID(0, low));
    }
}
