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
import io.restassured.response.Response;
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
        for (String address : List.of("/v1/log/", "/v1/streams/%80", "/v1/streams/a;b/../c")) {
            Response answer =
                    request().header("Origin", ORIGIN).urlEncodingEnabled(false).get(address);
            assertTrue(answer.statusCode() >= 400, address);
            assertEquals(
                    List.of(ORIGIN),
                    answer.headers().getValues("Access-Control-Allow-Origin"),
                    address);
        }
        Response rerouted = request().header("Origin", ORIGIN).get("/v1/streams/a;b");
        assertEquals(List.of(ORIGIN), rerouted.headers().getValues("Access-Control-Allow-Origin"));
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
