package dev.stele.http;

import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where pages of another origin are let in. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(CrossOriginTest.OneOrigin.class)
class CrossOriginTest {

    private static final String ORIGIN = "https://shop.example";

    public static final class OneOrigin implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.cors.enabled", "true", "quarkus.http.cors.origins", ORIGIN);
        }
    }

    @Test
    void a_page_may_read_what_answers_say_in_headers() {
        Response answer =
                request()
                        .header("Origin", ORIGIN)
                        .contentType("application/json")
                        .body("{\"type\":\"A\"}")
                        .post("/v1/streams/" + freshStream("page") + "/events");

        assertEquals(201, answer.statusCode());
        assertEquals(ORIGIN, answer.header("Access-Control-Allow-Origin"));
        String exposed =
                String.join(",", answer.headers().getValues("Access-Control-Expose-Headers"));
        for (String name :
                List.of("ETag", "Location", "Link", "Stele-Position", "Retry-After", "Allow")) {
            assertTrue(exposed.contains(name), exposed);
        }
        assertTrue(varies(answer).contains("Origin"));
    }

    @Test
    void every_answer_varies_by_the_origin_beside_what_else_it_varies_by() {
        assertTrue(varies(request().get("/v1/events")).contains("Origin"));
        assertTrue(varies(request().get("/v1/events")).contains("Accept"));
        assertTrue(varies(request().get("/v1/nothing")).contains("Origin"));
        Response refused = request().header("Origin", "https://other.example").get("/v1/log");
        assertEquals(403, refused.statusCode());
        assertTrue(varies(refused).contains("Origin"));
    }

    @Test
    void a_page_may_read_what_was_refused_before_anything_was_looked_at() {
        Map<String, Integer> refused =
                Map.of("/v1/log/", 404, "/v1/streams/%80", 400, "/v1/streams/a;b", 404);
        refused.forEach(
                (address, status) -> {
                    Response answer =
                            request()
                                    .header("Origin", ORIGIN)
                                    .urlEncodingEnabled(false)
                                    .get(address);
                    assertEquals(status, answer.statusCode(), address);
                    assertEquals(
                            List.of(ORIGIN),
                            answer.headers().getValues("Access-Control-Allow-Origin"),
                            address);
                    assertEquals(2, varies(answer).split("Origin", -1).length, varies(answer));
                });
    }

    @Test
    void what_is_no_address_is_refused_as_to_anybody() throws IOException {
        for (String origin : List.of(ORIGIN, "http://other.example", "|")) {
            for (String address : List.of("/v1/streams/%zz", "/v1/streams/a|b/%zz")) {
                try (Wire wire = Wire.to(RestAssured.port)) {
                    String request =
                            "GET %s HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\nConnection: close\r\n\r\n"
                                    .formatted(address, origin);
                    wire.send(request.getBytes(StandardCharsets.US_ASCII));
                    assertEquals(
                            List.of(400),
                            wire.answers().stream().map(Wire.Answer::status).toList(),
                            request);
                }
            }
        }
    }

    @Test
    void a_page_that_asks_beforehand_is_told_what_it_may_send() {
        Response answer =
                request()
                        .header("Origin", ORIGIN)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "content-type,if-match")
                        .options("/v1/streams/a/events");

        assertEquals(200, answer.statusCode());
        assertTrue(answer.header("Access-Control-Allow-Methods").contains("POST"));
        assertFalse(answer.header("Access-Control-Allow-Headers").isEmpty());
        assertTrue(varies(answer).contains("Origin"));
    }

    private static String varies(Response answer) {
        return String.join(", ", answer.headers().getValues("Vary"));
    }
}
