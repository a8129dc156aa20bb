package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever comes in, the answer is what the contract says, nothing is written, and the next request
 * works.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class HostileInputTest {

    private static final String EVENT = "{\"type\":\"A\"}";

    private static final Map<String, HostileRequest> REQUESTS =
            HostileRequest.all().stream()
                    .collect(Collectors.toMap(HostileRequest::what, Function.identity()));

    /** By what they are, for the names of the tests: the requests themselves are large. */
    static List<String> requests() {
        return HostileRequest.all().stream().map(HostileRequest::what).toList();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_request_gets_what_it_deserves(String what) throws IOException {
        HostileRequest request = Objects.requireNonNull(REQUESTS.get(what));
        long head = get("/v1/log").jsonPath().getLong("head");

        List<Wire.Answer> answers = Wire.exchange(RestAssured.port, request);

        assertEquals(request.statuses(), answers.stream().map(Wire.Answer::status).toList());
        if (!request.problem().isEmpty()) {
            requireProblem(request.problem(), answers.getFirst());
        }
        long next = append("hostile-next", EVENT).then().extract().jsonPath().getLong("position");
        assertEquals(request.statuses().contains(201), next > head + 1);
        get("/v1/views/hostile").then().statusCode(404);
    }

    private static void requireProblem(String type, Wire.Answer answer) throws IOException {
        assertTrue(answer.head().contains("application/problem+json"), answer.head());
        JsonNode problem = json(answer);
        assertEquals(type, problem.path("type").asText(), answer.body());
        assertEquals(answer.status(), problem.path("status").asInt());
        assertFalse(problem.path("title").asText().isEmpty());
        assertFalse(problem.path("detail").asText().isEmpty());
        OurWords.require(answer.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "%C3%A9 § é",
                "%c3%a9 § é",
                "e%CC%81 § e\u0301",
                "%E6%97%A5%E6%9C%AC § 日本",
                "%F0%9F%98%80 § 😀",
                "a%20b § a b",
                "a+b § a+b",
                "a%2Bb § a+b",
                "a;b=c § a;b=c",
                "a%3Bb § a;b",
                "a%25b § a%b",
                "a%3Fb%23c § a?b#c",
                "%22%3C%3E%5C § \"<>\\",
                "a:b@c!$&'()*,=~_ § a:b@c!$&'()*,=~_",
                "..a § ..a"
            })
    void a_name_comes_back_as_it_was_meant(String written, String meant) throws IOException {
        String fresh = freshStream("");
        String address = "/v1/streams/" + written + fresh + "/events";
        for (int version = 1; version <= 2; version++) {
            Wire.Answer answer =
                    Wire.exchange(RestAssured.port, HostileRequest.accepted(address, EVENT))
                            .getFirst();
            assertEquals(201, answer.status());
            assertEquals(meant + fresh, json(answer).path("stream").asText());
            get(header("Location", answer)).then().body("stream", equalTo(meant + fresh));
        }
        String next =
                json(Wire.exchange(RestAssured.port, HostileRequest.read(address + "?limit=1"))
                                .getFirst())
                        .path("next")
                        .asText();
        get(next).then().body("events.stream", equalTo(List.of(meant + fresh)));
    }

    @Test
    void senders_who_take_their_time_hold_nobody_up() throws IOException {
        HostileRequest large =
                HostileRequest.accepted(
                        "/v1/streams/hostile-slow/events",
                        "{\"type\":\"A\",\"data\":\"⟦x*30000⟧\"}");
        byte[] bytes = large.bytes();
        int half = bytes.length / 2;
        List<Wire> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 250; i++) {
                slow.add(Wire.to(RestAssured.port));
                slow.getLast().send(Arrays.copyOf(bytes, half));
            }

            assertEquals(201, Wire.exchange(RestAssured.port, large).getFirst().status());

            for (Wire wire : slow) {
                assertTrue(wire.isWaiting());
            }
            slow.getFirst().send(Arrays.copyOfRange(bytes, half, bytes.length));
            assertEquals(201, slow.getFirst().answers().getFirst().status());
        } finally {
            for (Wire wire : slow) {
                wire.close();
            }
        }
    }

    @Test
    void flaws_are_pointed_at() {
        append(freshStream("hostile"), "[{\"type\":\"A\"},{\"tags\":[\"a:b\",1],\"a/b\":0}]")
                .then()
                .statusCode(400)
                .body("errors.pointer", equalTo(List.of("/1/tags/1", "/1/a~1b", "/1/type")));
    }

    @Test
    void of_flaws_without_end_the_first_hundred_are() {
        String members = "\"a\":0,".repeat(10_000);
        append(freshStream("hostile"), "{" + members + "\"type\":\"A\"}")
                .then()
                .statusCode(400)
                .body("errors.size()", is(100));
    }

    @Test
    void a_limit_is_named_with_what_it_is_and_what_was_sent() {
        append(freshStream("hostile"), "[" + (EVENT + ",").repeat(1001) + EVENT + "]")
                .then()
                .statusCode(413)
                .body("limit", equalTo("append-events"))
                .body("max", is(1000))
                .body("actual", is(1002));
    }

    private static JsonNode json(Wire.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private static String header(String name, Wire.Answer answer) {
        return answer.head()
                .lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow();
    }
}
