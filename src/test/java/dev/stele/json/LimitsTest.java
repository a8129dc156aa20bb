package dev.stele.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.RecordedEvent;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may come in, wherever it comes in; and that it can be read by what is behind. */
class LimitsTest {

    private static final EventLimits LIMITS =
            new SmallRyeConfigBuilder()
                    .withMapping(EventLimits.class)
                    .build()
                    .getConfigMapping(EventLimits.class);

    private static final EventId ID = new EventId(new UUID(0, 1));

    private final NewEventReader events = new NewEventReader(LIMITS);
    private final CloudEventReader cloudEvents = new CloudEventReader(LIMITS);
    private final AppendReader appends = new AppendReader(LIMITS);

    /** Data, where the flaw is in it, and what it says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "1e-2147483648 § '' § exponents",
                "1E+2147483648 § '' § exponents",
                "1e-1001 § '' § exponents",
                "[1e1001] § /0 § exponents",
                "0e99999999 § '' § exponents",
                "-0.0e-99999999999999999999 § '' § exponents",
                "{\"a\":[0,{\"b/c\":1e9999}]} § /a/1/b~1c § exponents",
                "{\"a\":\"\\u0000\"} § /a § U+0000",
                "{\"a\":{\"x\\u0000\":1}} § /a § U+0000",
                "[[\"\\ud800\"]] § /0/0 § surrogates"
            })
    void what_is_refused_is_pointed_at_at_every_entrance(String data, String within, String what) {
        String cloudEvent =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"A\",\"data\":%s}"
                        .formatted(data);

        requireFlaw("/data" + within, what, plain("{\"type\":\"A\",\"data\":%s}".formatted(data)));
        requireFlaw(
                "/1/data" + within,
                what,
                plain("[{\"type\":\"A\"},{\"type\":\"A\",\"data\":%s}]".formatted(data)));
        requireFlaw(
                "/metadata/m" + within,
                what,
                plain("{\"type\":\"A\",\"metadata\":{\"m\":%s}}".formatted(data)));
        requireFlaw(
                "/data" + within,
                what,
                events.read(
                        List.of(
                                new EventLine(
                                        1, bytes("{\"type\":\"A\",\"data\":%s}".formatted(data)))),
                        _ -> ID));
        requireFlaw("/data" + within, what, cloudEvents.structured(bytes(cloudEvent)));
        requireFlaw("/0/data" + within, what, cloudEvents.batch(bytes("[" + cloudEvent + "]")));
        requireFlaw(
                within,
                what,
                cloudEvents.binary(
                        Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "A"),
                        "application/json",
                        bytes(data)));
        requireFlaw(
                "/appends/0/events/0/data" + within,
                what,
                append(
                        "{\"appends\":[{\"stream\":\"s\",\"events\":[{\"type\":\"A\",\"data\":%s}]}]}"
                                .formatted(data)));
        requireFlaw(
                "/failIf" + within, what, append("{\"appends\":[],\"failIf\":%s}".formatted(data)));
        requireFlaw(
                "/initial" + within,
                what,
                JsonDocument.read(
                        bytes("{\"initial\":%s}".formatted(data)), "definition-bytes", 1 << 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e1000",
                "-1E-1000",
                "0.1e+1000",
                "0e1000",
                "-0",
                "-0.0",
                "-0e-0",
                "1e0000000000000000000000000000000000001",
                "123456789012345678901234567890.5e-1000"
            })
    void numbers_within_the_limits_are_read_as_they_are(String number) {
        requireReadable("{\"n\":%s}".formatted(number));
        requireReadable(number);
    }

    @Test
    void numbers_have_at_most_a_thousand_characters() {
        for (String number :
                List.of(
                        "1".repeat(1000),
                        "-" + "9".repeat(999),
                        "0." + "0".repeat(997) + "1",
                        "1".repeat(994) + "e-1000",
                        "1." + "1".repeat(992) + "e+1000")) {
            requireReadable(number);
            String longer = number.replaceFirst("\\d", "10").substring(0, 1001);
            requireFlaw(
                    "/data",
                    "numbers must have at most 1000",
                    plain("{\"type\":\"A\",\"data\":%s}".formatted(longer)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256, 49_999, 50_000, 50_001, 60_000, 65_536, 1_000_000})
    void names_may_be_as_long_as_the_event(int length) {
        String name = "é" + "n".repeat(length - 3) + "\\n";
        requireReadable("{\"%s\":1}".formatted(name));
        requireReadable("{\"\\ud83d\\ude00\":1}");
        requireReadable("[{\"a\":{\"%s\":{\"%s\":null}}}]".formatted("a".repeat(40_000), "b"));
    }

    @Test
    void an_event_may_have_names_without_end() {
        requireReadable(
                IntStream.range(0, 90_000)
                        .mapToObj(i -> "\"n%d\":0".formatted(i))
                        .collect(Collectors.joining(",", "{", "}")));
    }

    @Test
    void a_long_name_is_forgotten_with_its_document() {
        WeakReference<String> name = longName();

        Awaitility.await()
                .until(
                        () -> {
                            System.gc();
                            return name.get() == null;
                        });
    }

    private static WeakReference<String> longName() {
        StrictParser parser = new StrictParser(bytes("{\"%s\":1}".formatted("x".repeat(256))));
        parser.next();
        parser.next();
        WeakReference<String> name = new WeakReference<>(parser.text());
        parser.skipMember();
        parser.next();
        parser.next();
        parser.requireEnd();
        return name;
    }

    @Test
    void strings_may_be_as_long_as_the_event() {
        requireReadable("\"" + "x".repeat(1_048_500) + "\"");
        requireReadable("\"" + "\\u0001".repeat(174_000) + "\"");
        requireReadable("\"" + "😀".repeat(262_000) + "\"");
    }

    @Test
    void values_are_nested_256_deep_and_no_deeper() {
        for (int depth : new int[] {255, 256}) {
            requireReadable("[".repeat(depth) + "]".repeat(depth));
            requireReadable("{\"a\":".repeat(depth) + "1" + "}".repeat(depth));
            assertInstanceOf(
                    Parsed.Valid.class,
                    JsonDocument.read(
                            bytes("{\"initial\":" + nested(depth) + "}"),
                            "definition-bytes",
                            4096));
        }
        String deep = nested(257);
        String place = "/0".repeat(256);
        requireFlaw(
                "/data" + place,
                "nested deeper than 256",
                plain("{\"type\":\"A\",\"data\":%s}".formatted(deep)));
        requireFlaw(
                "/initial" + place,
                "nested deeper than 256",
                JsonDocument.read(
                        bytes("{\"initial\":%s}".formatted(deep)), "definition-bytes", 4096));
    }

    @Test
    void the_metadata_itself_counts_in_its_nesting() {
        assertInstanceOf(
                Parsed.Valid.class,
                plain("{\"type\":\"A\",\"metadata\":{\"m\":%s}}".formatted(nested(255))));
        requireFlaw(
                "/metadata/m" + "/0".repeat(255),
                "nested deeper than 256",
                plain("{\"type\":\"A\",\"metadata\":{\"m\":%s}}".formatted(nested(256))));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void names_that_no_address_can_carry_are_refused(String name) {
        requireFlaw("/type", "no address", plain("{\"type\":\"%s\"}".formatted(name)));
        requireFlaw(
                "/appends/0/stream",
                "no address",
                append(
                        "{\"appends\":[{\"stream\":\"%s\",\"events\":[{\"type\":\"A\"}]}]}"
                                .formatted(name)));
        requireFlaw(
                "/require/0/stream",
                "no address",
                append(
                        "{\"appends\":[{\"stream\":\"s\",\"events\":[{\"type\":\"A\"}]}],\"require\":[{\"stream\":\"%s\"}]}"
                                .formatted(name)));
        requireFlaw(
                "/type",
                "no address",
                cloudEvents.structured(
                        bytes(
                                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"%s\"}"
                                        .formatted(name))));
    }

    /** Times beyond the years of four digits once they are in UTC, wherever they come in. */
    @ParameterizedTest
    @ValueSource(strings = {"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"})
    void times_must_have_a_year_of_four_digits_in_utc(String time) {
        requireFlaw(
                "/occurredAt",
                "in UTC",
                plain("{\"type\":\"A\",\"occurredAt\":\"%s\"}".formatted(time)));
        requireFlaw(
                "/appends/0/events/0/occurredAt",
                "in UTC",
                append(
                        "{\"appends\":[{\"stream\":\"s\",\"events\":[{\"type\":\"A\",\"occurredAt\":\"%s\"}]}]}"
                                .formatted(time)));
        requireFlaw(
                "/time",
                "in UTC",
                cloudEvents.structured(
                        bytes(
                                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"A\",\"time\":\"%s\"}"
                                        .formatted(time))));
        requireFlaw(
                "",
                "ce-time must be within the years 0000 to 9999 in UTC",
                cloudEvents.binary(
                        Map.of(
                                "specversion",
                                "1.0",
                                "id",
                                "1",
                                "source",
                                "/s",
                                "type",
                                "A",
                                "time",
                                time),
                        null,
                        new byte[0]));
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "\"x\"" + "]".repeat(depth);
    }

    /** Accepted as data, and then read as a tree, which is written and read again. */
    private void requireReadable(String data) {
        Parsed<NewEventReader.NewEvents> read =
                plain("{\"type\":\"A\",\"data\":%s}".formatted(data));
        if (!(read instanceof Parsed.Valid<NewEventReader.NewEvents>(var valid))) {
            throw new AssertionError(read.toString());
        }
        NewEvent event = valid.events().getFirst();
        assertEquals(data, String.valueOf(event.data()));

        var tree = EventJson.tree(recorded(event));

        assertEquals("A", tree.path("type").textValue());
        assertTrue(tree.has("data"));
    }

    private static RecordedEvent recorded(NewEvent event) {
        return new RecordedEvent(
                new GlobalPosition(1),
                new StreamId("s"),
                new StreamVersion(1),
                event.id(),
                new EventType("A"),
                null,
                Instant.EPOCH,
                null,
                null,
                event.data(),
                null,
                null,
                event.references(),
                List.of(),
                null);
    }

    private Parsed<NewEventReader.NewEvents> plain(String json) {
        return events.read(bytes(json), _ -> ID);
    }

    private Parsed<AppendReader.Asked> append(String json) {
        return appends.read(bytes(json), _ -> ID);
    }

    private static <T> void requireFlaw(String pointer, String what, Parsed<T> parsed) {
        if (!(parsed instanceof Parsed.Invalid<T>(var flaws))) {
            throw new AssertionError("%s at %s, not: %s".formatted(what, pointer, parsed));
        }
        assertTrue(
                flaws.stream()
                        .anyMatch(
                                flaw ->
                                        flaw.pointer().equals(pointer)
                                                && flaw.detail().contains(what)),
                () -> "%s at %s, not: %s".formatted(what, pointer, flaws));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
