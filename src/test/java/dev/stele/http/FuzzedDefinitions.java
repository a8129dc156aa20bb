package dev.stele.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Definitions of views and publications, by chance: good ones, ones that fail for some events, and
 * ones whose programs never end by themselves.
 */
final class FuzzedDefinitions {

    private static final String HOSTILE_PROGRAMS = "/dev/stele/jq/hostile.txt";

    private static final List<String> HANDLERS =
            List.of(
                    ". + 1",
                    ".n += 1",
                    "[.[-2:][]?, $event.data]",
                    "if $event.type == \"B\" then error(\"a B\") else {n: (.n + 1), last:"
                            + " $event.position} end",
                    "if $event.data == null then empty else $event.data end",
                    "{k: $key, v: $event.version, d: ($event.data | tojson | length)}",
                    ". + $event.data",
                    "$event.data, $event.data");

    private static final List<String> VIEW_KEYS =
            List.of(
                    ".stream",
                    ".type",
                    ".stream, .type",
                    "select(.type == \"A\") | .stream",
                    "if .type == \"C\" then error(\"a C\") else .stream end",
                    ".data");

    private final Random random;
    private final List<String> hostile;

    FuzzedDefinitions(Random random) {
        this.random = random;
        try (InputStream in = FuzzedDefinitions.class.getResourceAsStream(HOSTILE_PROGRAMS)) {
            byte[] bytes = Objects.requireNonNull(in, HOSTILE_PROGRAMS).readAllBytes();
            this.hostile =
                    new String(bytes, StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.split("§", -1))
                            .filter(fields -> fields[1].startsWith("over "))
                            .map(fields -> fields[0])
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How many messages an event is to have, unless it is parked or skipped.
     *
     * @param program the value; empty: the data as it is
     */
    record Value(String program, Messages messages) {}

    @FunctionalInterface
    interface Messages {
        int of(SentEvent event);
    }

    /** The key of an event, where it has one; empty: the stream's id, which needs no program. */
    record Key(String program, KeyOf key) {}

    @FunctionalInterface
    interface KeyOf {
        String of(SentEvent event);
    }

    /** What is known of an event that is in the log. */
    record SentEvent(long position, String stream, String type, boolean number) {}

    /** A publication, and what it is to send. */
    record Sending(Key key, Value value, String definition) {}

    String view(String category) {
        String key = one(VIEW_KEYS);
        String handler = one(HANDLERS);
        switch (random.nextInt(12)) {
            case 0 -> key = one(hostile);
            case 1 -> handler = one(hostile);
            default -> {}
        }
        return """
        {"source": {"categories": ["%s"]}, "key": %s, "initial": %s, "on": {"%s": %s}}
        """
                .formatted(
                        category,
                        quoted(key),
                        one(List.of("0", "null", "{}", "[]")),
                        one(List.of("*", "*", "*", "A")),
                        quoted(handler));
    }

    Sending publication(String category, String topic) {
        Key key =
                switch (random.nextInt(8)) {
                    case 0, 1 -> new Key(".type", SentEvent::type);
                    case 2 -> new Key("\"k\" + .stream", event -> "k" + event.stream());
                    case 3 -> new Key(one(hostile), SentEvent::stream);
                    default -> new Key("", SentEvent::stream);
                };
        Value value =
                switch (random.nextInt(8)) {
                    case 0 -> new Value("{type: .type, data: .data}", _ -> 1);
                    case 1 ->
                            new Value(
                                    ".data | select(type == \"number\")",
                                    event -> event.number() ? 1 : 0);
                    case 2 -> new Value("if .type == \"B\" then error(\"a B\") else 1 end", _ -> 1);
                    case 3 -> new Value(".type, .position", _ -> 2);
                    case 4 -> new Value(one(hostile), _ -> 1);
                    default -> new Value("", _ -> 1);
                };
        String programs =
                Stream.of(member("key", key.program()), member("value", value.program()))
                        .reduce("", String::concat);
        return new Sending(
                key,
                value,
                "{\"topic\": \"%s\", \"source\": {\"categories\": [\"%s\"]}%s}"
                        .formatted(topic, category, programs));
    }

    private static String member(String name, String program) {
        return program.isEmpty() ? "" : ", \"%s\": %s".formatted(name, quoted(program));
    }

    private static String quoted(String program) {
        return "\"" + program.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
