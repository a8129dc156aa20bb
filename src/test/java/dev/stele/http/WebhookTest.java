package dev.stele.http;

import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.request;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The handshake of webhooks, where some senders may deliver. */
@QuarkusTest
@TestProfile(WebhookTest.Some.class)
@QuarkusTestResource(TestServers.class)
class WebhookTest {

    /** Two may, and so often. */
    public static class Some implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "stele.http.webhook-origins", "emitter.example.com, other.example.com",
                    "stele.http.webhook-rate", "120");
        }
    }

    @Test
    void whoever_may_deliver_is_told_so() {
        options(
                        Map.of(
                                "WebHook-Request-Origin",
                                "Other.example.com",
                                "WebHook-Request-Rate",
                                "500"))
                .then()
                .statusCode(200)
                .header("Allow", "GET, HEAD, OPTIONS, POST")
                .header("WebHook-Allowed-Origin", "Other.example.com")
                .header("WebHook-Allowed-Rate", "120");
    }

    @Test
    void nobody_else_is() {
        for (Map<String, String> headers :
                Map.of(
                                "stranger",
                                Map.of("WebHook-Request-Origin", "evil.example.com"),
                                "any",
                                Map.of("WebHook-Request-Origin", "*"),
                                "nobody",
                                Map.<String, String>of())
                        .values()) {
            options(headers)
                    .then()
                    .statusCode(200)
                    .header("Allow", "GET, HEAD, OPTIONS, POST")
                    .header("WebHook-Allowed-Origin", nullValue())
                    .header("WebHook-Allowed-Rate", nullValue());
        }
    }

    @Test
    void where_any_may_deliver_each_is_told_that_any_may() {
        assertEquals("*", WebhookResource.allowed(List.of("a.example.com", "*"), "b.example.com"));
    }

    @Test
    void a_rate_that_is_no_number_is_refused() {
        options(
                        Map.of(
                                "WebHook-Request-Origin",
                                "other.example.com",
                                "WebHook-Request-Rate",
                                "often"))
                .then()
                .statusCode(400)
                .body("type", equalTo("/problems/invalid-request"));
    }

    private static Response options(Map<String, String> headers) {
        return request().headers(headers).options("/v1/streams/" + freshStream("hook") + "/events");
    }
}
