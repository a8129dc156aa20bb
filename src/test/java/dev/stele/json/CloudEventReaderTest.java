package dev.stele.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.stele.event.ContentType;
import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.event.References;
import dev.stele.json.NewEventReader.NewEvents;
import dev.stele.json.Parsed.Flaw;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventReaderTest {

    private static final String ID = "0197f0a0-0000-7000-8000-00000000aaaa";

    private final CloudEventReader reader =
            new CloudEventReader(
                    new SmallRyeConfigBuilder()
                            .withMapping(EventLimits.class)
                            .build()
                            .getConfigMapping(EventLimits.class));

    /** Members in the place of, or beside, those of a valid event; and the flaws. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "specversion     | \"0.3\"             | must be 1.0",
                "specversion     | 1                   | must be a string",
                "specversion     | null                | is required",
                "id              | \"\"                | must not be empty",
                "id              | 1                   | must be a string",
                "id              | null                | is required",
                "id              | \"a\\u0007\"        | must not contain control characters",
                "source          | \"\"                | must be a URI reference (RFC 3986)",
                "source          | \"a b\"             | must be a URI reference (RFC 3986)",
                "source          | \"é\"               | must be a URI reference (RFC 3986)",
                "source          | \"/%4\"             | must be a URI reference (RFC 3986)",
                "source          | true                | must be a string",
                "type            | \"\"                | event type must not be empty",
                "type            | \"a/b\"             | event type must not contain '/'",
                "type            | \"$deleted\"        | types that begin with $ are the server's",
                "time            | \"yesterday\"       | must be a time as in RFC 3339, e.g."
                        + " 2026-11-23T06:00:00Z",
                "time            | 1                   | must be a string",
                "subject         | \"\"                | must not be empty",
                "dataschema      | \"/relative\"       | must be a URI (RFC 3986)",
                "datacontenttype | \"text\"            | must be a media type of at most 255"
                        + " characters, e.g. text/plain",
                "datacontenttype | \"a/b;base64\"      | must be a media type of at most 255"
                        + " characters, e.g. text/plain",
                "datacontenttype | \"a/b; c=\\\"\"     | must be a media type of at most 255"
                        + " characters, e.g. text/plain",
                "more            | 1.5                 | must be a string, a whole number or a"
                        + " boolean",
                "more            | 2147483648          | must be within 32 bits, or a string",
                "more            | {}                  | must be a string, a whole number or a"
                        + " boolean",
                "more            | [1]                 | must be a string, a whole number or a"
                        + " boolean",
                "More            | 1                   | is no attribute: their names are of a to z"
                        + " and 0 to 9, and not data",
                "$more           | 1                   | is no attribute: their names are of a to z"
                        + " and 0 to 9, and not data",
                "data_base64     | \"*\"               | must be a string of Base64",
                "data_base64     | 1                   | must be a string of Base64"
            })
    void what_is_wrong_is_pointed_at(String name, String value, String detail) {
        assertEquals(
                List.of(new Flaw("/" + name, detail)),
                flaws(reader.structured(bytes(event(name, value)))));
    }

    @Test
    void what_is_not_there_is_missed() {
        assertEquals(
                List.of(
                        new Flaw("/0/specversion", "is required"),
                        new Flaw("/0/id", "is required"),
                        new Flaw("/0/source", "is required"),
                        new Flaw("/0/type", "is required"),
                        new Flaw("/1", "a CloudEvent must be an object")),
                flaws(reader.batch(bytes("[{},1]"))).subList(0, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "1", "[[]]", "[", "{\"id\":\"1\",\"id\":\"2\"}"})
    void what_is_no_batch_is_refused(String body) {
        assertEquals(Parsed.Invalid.class, reader.batch(bytes(body)).getClass());
    }

    @Test
    void an_id_may_occur_once_in_a_batch() {
        String one = event("more", "1");
        assertEquals(
                List.of(new Flaw("/1/id", "an earlier event of the same append has this id")),
                flaws(reader.batch(bytes("[" + one + "," + one + "]"))));

        String named = one.replace(ID, "1");
        String other = named.replace("/shop", "/other");
        assertEquals(2, valid(reader.batch(bytes("[" + named + "," + other + "]"))).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "specversion     | 0.3                | ce-specversion must be 1.0",
                "id              | ``                 | ce-id must not be empty",
                "source          | a b                | ce-source must be a URI reference (RFC"
                        + " 3986)",
                "type            | a/b                | ce-type event type must not contain '/'",
                "time            | now                | ce-time must be a time as in RFC 3339, e.g."
                        + " 2026-11-23T06:00:00Z",
                "data            | x                  | ce-data is no attribute: their names are of"
                        + " a to z and 0 to 9, and not data",
                "data_base64     | x                  | ce-data_base64 is no attribute: their names"
                        + " are of a to z and 0 to 9, and not data",
                "datacontenttype | text/plain         | ce-datacontenttype is no header:"
                        + " Content-Type says it"
            })
    void in_binary_mode_the_header_is_named(String name, String value, String detail) {
        Map<String, String> attributes = attributes();
        attributes.put(name, value);

        assertEquals(
                List.of(new Flaw("", detail)),
                flaws(reader.binary(attributes, "application/json", bytes("1"))));
    }

    @Test
    void in_binary_mode_the_body_is_checked_as_what_it_is_said_to_be() {
        assertEquals(
                Parsed.Invalid.class,
                reader.binary(attributes(), "application/json", bytes("{")).getClass());
        assertEquals(
                Parsed.Invalid.class, reader.binary(attributes(), null, bytes("<a/>")).getClass());
        assertEquals(
                List.of(
                        new Flaw(
                                "",
                                "Content-Type must be a media type of at most 255 characters, e.g."
                                        + " text/plain")),
                flaws(reader.binary(attributes(), "text", bytes("a"))));
    }

    @Test
    void data_and_data_base64_exclude_each_other() {
        assertEquals(
                List.of(new Flaw("/data_base64", "must not be beside data")),
                flaws(reader.structured(bytes(event("data_base64", "\"MQ==\",\"data\":1")))));
    }

    @Test
    void data_base64_that_is_null_is_absent() {
        assertInstanceOf(
                Parsed.Valid.class, reader.structured(bytes(event("data_base64", "null"))));
        assertInstanceOf(
                Parsed.Valid.class,
                reader.structured(bytes(event("data_base64", "null,\"data\":1"))));
    }

    @Test
    void data_that_is_not_json_is_a_string() {
        assertEquals(
                List.of(
                        new Flaw(
                                "/data",
                                "must be a string, for datacontenttype says that it is not JSON")),
                flaws(
                        reader.structured(
                                bytes(event("datacontenttype", "\"text/plain\",\"data\":1")))));
    }

    @Test
    void what_data_is_may_be_said_behind_it() {
        NewEvent event = only(event("data", "\"a\\u00e9\\n\",\"datacontenttype\":\"text/plain\""));

        assertEquals("aé\n", String.valueOf(event.data()));
        assertEquals(new ContentType("text/plain", false), event.contentType());
    }

    @Test
    void the_metadata_does_not_depend_on_the_order_of_the_attributes() {
        String metadata =
                "{\"$cloudevent\":{\"a\":1,\"b\":true,\"id\":\"%s\",\"source\":\"/shop\"},\"correlationId\":\"c\"}"
                        .formatted(ID);

        assertEquals(
                metadata,
                String.valueOf(
                        only(event("b", "true,\"correlationid\":\"c\",\"a\":1")).metadata()));
        assertEquals(
                metadata,
                String.valueOf(
                        only(event("a", "1,\"correlationid\":\"c\",\"b\":true")).metadata()));
    }

    @Test
    void what_the_log_knows_is_promoted() {
        NewEvent event =
                only(
                        event(
                                "schemaversion",
                                "\"2\",\"correlationid\":\"c\",\"causationid\":\"%s\""
                                        .formatted(ID)));

        assertEquals(2, event.schemaVersion());
        assertEquals(new References("c", EventId.parse(ID), null), event.references());
        assertEquals(List.of(), event.tags());
    }

    /** A valid event whose member {@code name} is this. */
    private static String event(String name, String value) {
        Map<String, String> members = new HashMap<>();
        attributes().forEach((key, text) -> members.put(key, "\"" + text + "\""));
        members.put(name, value);
        StringBuilder json = new StringBuilder("{");
        members.forEach(
                (key, text) ->
                        json.append(json.length() == 1 ? "\"" : ",\"")
                                .append(key)
                                .append("\":")
                                .append(text));
        return json.append('}').toString();
    }

    private static Map<String, String> attributes() {
        return new HashMap<>(
                Map.of("specversion", "1.0", "id", ID, "source", "/shop", "type", "Happened"));
    }

    private NewEvent only(String json) {
        return valid(reader.structured(bytes(json))).getFirst();
    }

    private static List<NewEvent> valid(Parsed<NewEvents> parsed) {
        return ((Parsed.Valid<NewEvents>) parsed).value().events();
    }

    private static List<Flaw> flaws(Parsed<NewEvents> parsed) {
        return ((Parsed.Invalid<NewEvents>) parsed).flaws();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
