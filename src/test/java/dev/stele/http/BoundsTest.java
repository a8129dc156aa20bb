package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Where only one of each is allowed: the next one is refused, until the first one has gone. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
@TestProfile(BoundsTest.OneOfEach.class)
class BoundsTest {

    private static final String TOO_MANY = "too many requests wait already";
    private static final String FAR = "?minPosition=9007199254740991";

    public static final class OneOfEach implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "stele.log.head-waiters", "1",
                    "stele.view.waiters", "1",
                    "stele.http.bulk-loads", "1");
        }
    }

    @Test
    void one_request_more_that_waits_for_the_log_is_refused_and_the_service_goes_on()
            throws IOException {
        refusesOneMore("/v1/log");
    }

    @Test
    void one_request_more_that_waits_for_a_view_is_refused() throws IOException {
        String view = "bounds-" + UUID.randomUUID();
        request()
                .contentType(ContentType.JSON)
                .body("{\"key\":\".stream\",\"on\":{\"*\":\"1\"}}")
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
        try {
            refusesOneMore("/v1/views/" + view + "/entries/a");
        } finally {
            request().delete("/v1/views/" + view);
        }
    }

    @Test
    void one_bulk_load_more_is_refused() throws IOException {
        try (Wire first = Wire.to(RestAssured.port)) {
            first.send(
                    ascii(
                            """
                            POST /v1/streams/%s/events HTTP/1.1\r
                            Host: localhost\r
                            Content-Type: application/x-ndjson\r
                            Transfer-Encoding: chunked\r
                            Expect: 100-continue\r
                            \r
                            """
                                    .formatted(freshStream("bounds"))));
            first.await("100 Continue");

            Response second = load();

            second.then()
                    .statusCode(503)
                    .header("Retry-After", "1")
                    .body("type", equalTo("/problems/overloaded"))
                    .body("detail", containsString("other bulk loads"));
            append(freshStream("bounds"), "{\"type\":\"Happened\"}").then().statusCode(201);
        }
        await().until(() -> load().statusCode() == 200);
    }

    /** The one that waits does not keep the publication from being told of new events. */
    private static void refusesOneMore(String path) throws IOException {
        try (Wire first = Wire.to(RestAssured.port)) {
            first.send(
                    ascii(
                            "GET %s%s HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=30\r\n\r\n"
                                    .formatted(path, FAR)));
            await().until(() -> because(path).contains(TOO_MANY));

            long position =
                    append(freshStream("bounds"), "{\"type\":\"Happened\"}")
                            .jsonPath()
                            .getLong("position");
            await().until(
                            () ->
                                    get("/v1/publications/events").jsonPath().getLong("position")
                                            >= position);
        }
        await().until(() -> !because(path).contains(TOO_MANY));
    }

    private static String because(String path) {
        Response refused = request().header("Prefer", "wait=1").get(path + FAR);
        refused.then().statusCode(503).body("type", equalTo("/problems/not-caught-up"));
        return refused.path("because");
    }

    private static Response load() {
        return append(
                freshStream("bounds"),
                "application/x-ndjson",
                ascii("{\"type\":\"Happened\"}\n"),
                Map.of());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
