package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request, the answer says so in words of the service. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ErrorWordsTest {

    private static final long SEED = Long.getLong("seed", new Random().nextLong());

    private static final int MUTATIONS = 60;

    /** What breaks a document where it is put. */
    private static final List<String> SPLINTERS =
            List.of(
                    "\"",
                    "\\",
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "01",
                    "-",
                    "1.",
                    "1e",
                    "1e999999",
                    "nul",
                    "NaN",
                    "'",
                    "\u0001",
                    "\t",
                    "\n",
                    "\u0000",
                    "\\x",
                    "\\u12",
                    "\ud83d\ude00",
                    "/*",
                    "#",
                    "9".repeat(40),
                    "null",
                    "true",
                    "{}",
                    "[]",
                    "\"\"",
                    ".",
                    "=",
                    "é");

    private final Random random = new Random(SEED);

    record Kind(String method, String address, String type, String body) {

        @Override
        public String toString() {
            return method + " " + address + " " + type;
        }
    }

    @BeforeAll
    static void tell_the_seed() {
        System.err.println("seed " + SEED);
    }

    static List<Kind> kinds() {
        String json = "application/json";
        String event =
                "{\"type\":\"A\",\"id\":\"0197f0a0-0000-7000-8000-00000000eeee\",\"schemaVersion\":1,"
                    + "\"occurredAt\":\"2026-11-23T06:00:00Z\",\"tags\":[\"a:b\"],"
                    + "\"metadata\":{\"causationId\":\"0197f0a0-0000-7000-8000-00000000eeee\"},\"data\":{\"n\":1.5e3}}";
        String cloudEvent =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"A\",\"time\":"
                    + "\"2026-11-23T06:00:00Z\",\"dataschema\":\"urn:a\",\"n\":1,\"data_base64\":\"AAAA\"}";
        String view =
                "{\"source\":{\"types\":[\"A\"]},\"key\":\".stream\",\"initial\":{\"n\":0},"
                        + "\"on\":{\"A\":\".n += (1 | tostring | length)\"}}";
        String publication =
                "{\"topic\":\"words\",\"from\":1,\"source\":{\"types\":[\"A\"]},\"key\":\".stream\",\"value\":\".data\"}";
        return List.of(
                new Kind("POST", "/v1/streams/words-1/events", json, "[" + event + "]"),
                new Kind("POST", "/v1/streams/words-1/events", BulkAnswer.MEDIA_TYPE, event),
                new Kind(
                        "POST",
                        "/v1/streams/words-1/events",
                        "application/cloudevents+json",
                        cloudEvent),
                new Kind(
                        "POST",
                        "/v1/streams/words-1/events",
                        "application/cloudevents-batch+json",
                        "[" + cloudEvent + "]"),
                new Kind(
                        "POST",
                        "/v1/append",
                        json,
                        "{\"appends\":[{\"stream\":\"words-1\",\"expect\":3,\"events\":[%s]}],\"require\":[{\"stream\":\"a\",\"expect\":\"any\"}],"
                                        .formatted(event)
                                + "\"failIf\":{\"events\":[{\"types\":[\"A\"],\"tags\":[\"a:b\"]}],\"after\":98}}"),
                new Kind("PUT", "/v1/views/words", json, view),
                new Kind("PUT", "/v1/publications/words", json, publication),
                new Kind(
                        "POST",
                        "/v1/views/words/parked/a/skip",
                        json,
                        "{\"position\":1,\"reason\":\"r\"}"),
                new Kind("POST", "/v1/publications/events/continue", json, "{\"from\":\"fork\"}"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void of_documents_that_are_broken_somewhere(Kind kind) {
        for (int i = 0; i < MUTATIONS; i++) {
            String broken = broken(kind.body());
            Response answer = send(kind.method(), kind.address(), kind.type(), broken, Map.of());
            requireOurWords(answer, broken);
        }
        request().delete("/v1/views/words");
        request().delete("/v1/publications/words");
    }

    private String broken(String body) {
        int at = random.nextInt(body.length() + 1);
        int to = random.nextBoolean() ? at : random.nextInt(at, body.length() + 1);
        String splinter = SPLINTERS.get(random.nextInt(SPLINTERS.size()));
        return switch (random.nextInt(4)) {
            case 0 -> body.substring(0, at);
            case 1 -> body.substring(0, at) + splinter;
            default -> body.substring(0, at) + splinter + body.substring(to);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"A\",§ an end that is too early, at line 1, column 13",
                "{\"type\":\"A\"]§ a bracket that closes another kind, at line 1, column 12",
                "{\"type\":nul}§ a word other than true, false and null, at line 1, column 9",
                "{\"type\":01}§ a number with leading zeros, at line 1, column 10",
                "{\"type\":1.}§ a number that is malformed, at line 1, column 11",
                "{\"type\":\"é\",,}§ a character that cannot be there, at line 1, column 13",
                "{\"type\":\"\\x\"}§ an escape that JSON does not have, at line 1, column 11",
                "{\"type\":\"\t\"}§ a control character that is not escaped, at line 1, column 10",
                "{\"type\":\u0001}§ a control character, at line 1, column 10"
            })
    void of_text_that_is_no_json(String text, String detail) {
        Response answer = append(freshStream("words"), text);

        answer.then().statusCode(400);
        assertEquals("the document is not JSON: " + detail, answer.path("errors[0].detail"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "GET § /v1/events/x",
                "GET § /v1/events/0197f0a0-0000-7000-8000-00000000aaag",
                "GET § /v1/jobs/x",
                "GET § /v1/streams/a/events/x",
                "GET § /v1/streams/a/events/99999999999999999999",
                "GET § /v1/events?limit=x",
                "GET § /v1/events?after=1e3",
                "GET § /v1/log?minPosition=99999999999999999999",
                "GET § /v1/log?generation=99999999999999999999",
                "GET § /v1/views/%41",
                "GET § /v1/views/a/entries/%ff",
                "GET § /v1/views/a%2Fb/entries",
                "GET § /v1/publications/A",
                "POST § /v1/views/words/verify?sample=x",
                "DELETE § /v1/streams/a%0A",
                "PATCH § /v1/log",
                "GET § /v1/nothing",
                "GET § /nothing"
            })
    void of_addresses(String method, String address) {
        Response answer = request().request(method, address);

        assertTrue(answer.statusCode() >= 400, answer.asString());
        requireOurWords(answer, address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "If-Match § 7",
                "If-Match § \"x\"",
                "If-Match § W/\"7\"",
                "If-None-Match § \"7\"",
                "Idempotency-Key § \"a",
                "Stele-Min-Generation § x",
                "Content-Type § application",
                "Content-Type § application/json; charset=none",
                "Content-Type § a/b/c",
                "Accept § image/png",
                "Accept § x",
                "Accept § a/b;q=x",
                "Accept § */*;q=0",
                "ce-id § %ff",
                "ce-specversion § 2.0",
                "ce-time § yesterday",
                "ce-time § 2026-02-30T00:00:00Z"
            })
    void of_headers(String name, String value) {
        Response answer =
                send(
                        "POST",
                        "/v1/streams/words-1/events",
                        "application/json",
                        "{\"type\":\"A\"}",
                        Map.of(name, value));

        requireOurWords(answer, name);
    }

    @Test
    void of_programs() {
        for (String program :
                List.of(
                        ".a[",
                        "1 +",
                        "@x",
                        "$__loc__",
                        "input",
                        "env",
                        "$x",
                        "f(1)",
                        "\"\\(1\"",
                        "{a",
                        "if 1",
                        "reduce",
                        ". as [$a",
                        "test(\"[\")",
                        "\u0001",
                        "1e",
                        "..a",
                        "|",
                        "def")) {
            String text = program.replace("\\", "\\\\").replace("\"", "\\\"");
            Response answer =
                    send(
                            "PUT",
                            "/v1/views/words",
                            "application/json",
                            "{\"source\":{},\"key\":\".stream\",\"on\":{\"*\":\"%s\"}}"
                                    .formatted(text),
                            Map.of());
            requireOurWords(answer, program);
        }
        request().delete("/v1/views/words");
    }

    private static Response send(
            String method, String address, String type, String body, Map<String, String> headers) {
        var request = request();
        headers.forEach(request::header);
        if (!headers.containsKey("Content-Type")) {
            request.contentType(type);
        }
        return request.body(body.getBytes(StandardCharsets.UTF_8)).request(method, address);
    }

    /** An answer may also be that nothing is wrong: some splinters do no harm. */
    private static void requireOurWords(Response answer, String sent) {
        assertTrue(answer.statusCode() < 500, () -> sent + ": " + answer.asString());
        if (answer.statusCode() >= 400) {
            assertEquals("application/problem+json", answer.contentType(), sent);
            assertFalse(answer.<String>path("detail").isEmpty(), sent);
            OurWords.require(answer.asString());
        }
    }
}
