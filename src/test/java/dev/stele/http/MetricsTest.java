package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void an_append_is_counted_with_how_long_it_waited() {
        double before = metric("stele_append_wait_seconds_count");

        append(freshStream("metrics"), "{\"type\":\"Happened\"}").then().statusCode(201);

        assertEquals(before + 1, metric("stele_append_wait_seconds_count"));
        assertTrue(metric("stele_append_commit_seconds_count") > 0);
        assertTrue(metric("stele_append_batch_count") > 0);
        assertEquals(0, metric("stele_append_queue"));
        assertEquals(0, metric("stele_append_queue_size_bytes"));
    }

    @Test
    void requests_are_counted_by_the_template_of_their_address_and_their_method() {
        Map<String, String> templates = new TreeMap<>();
        String document = request().get("/q/openapi?format=json").asString();
        JsonPath.from(document)
                .getMap("paths")
                .keySet()
                .forEach(
                        path -> {
                            String template = path.toString();
                            if (template.startsWith("/v1/")) {
                                templates.put(template, template.replaceAll("\\{[^}]+}", "some-1"));
                            }
                        });
        assertTrue(templates.size() > 30);

        templates.forEach(
                (template, address) -> {
                    double before = counted("method=\"PATCH\"", "uri=\"" + template + "\"");
                    request().patch(address).then().statusCode(405);
                    assertEquals(
                            before + 1, counted("method=\"PATCH\"", "uri=\"" + template + "\""));
                });
    }

    @Test
    void no_address_or_method_that_somebody_invents_makes_a_series_of_its_own() throws Exception {
        String mark = UUID.randomUUID().toString();
        // So that it is not these that are counted.
        invent("GET", "/v1/streams/" + mark, "application/json");
        long before = series();

        for (int i = 0; i < 3_000; i++) {
            invent("M" + i + mark.replace("-", ""), "/v1/log", "application/json");
        }
        for (int i = 0; i < 100; i++) {
            for (String address :
                    List.of(
                            "/v1/streams/" + mark + i,
                            "/v1/streams/" + mark + i + "/events",
                            "/v1/streams/" + mark + i + "/events/1",
                            "/v1/views/" + mark + i,
                            "/v1/jobs/" + mark + i,
                            "/v1/" + mark + i,
                            "/" + mark + i + "/x/y")) {
                invent("OPTIONS", address, "application/json");
                invent("PATCH", address, "application/json");
                invent("GET", address, "image/png");
                invent("GET", address, "application/json");
                invent("INVENTED" + i, address, "application/json");
            }
        }

        String all = get("/q/metrics").asString();
        assertFalse(all.contains(mark) || all.contains(mark.replace("-", "")), mark);
        assertTrue(series() - before <= 60, () -> before + " series became " + series());
        assertTrue(counted("method=\"UNKNOWN\"", "uri=\"/v1/log\"") >= 3_000);
        double streams = counted("method=\"GET\"", "uri=\"/v1/streams/{stream}\"");
        invent("GET", "/v1/streams/" + mark, "application/json");
        assertEquals(streams + 1, counted("method=\"GET\"", "uri=\"/v1/streams/{stream}\""));
    }

    @Test
    void a_request_that_breaks_off_leaves_no_series_of_its_own() throws Exception {
        String mark = UUID.randomUUID().toString();
        for (String method : List.of("POST", "M" + mark.replace("-", ""))) {
            for (String address :
                    List.of("/v1/streams/" + mark + "/events", "/v1/append", "/" + mark)) {
                try (Wire wire = Wire.to(RestAssured.port)) {
                    wire.send(
                            "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
                                    .formatted(method, address)
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
        // What the service notices late is counted late: a request behind them, and then it is
        // there.
        invent("GET", "/v1/streams/" + mark, "application/json");

        String all = get("/q/metrics").asString();
        assertFalse(all.contains(mark) || all.contains(mark.replace("-", "")), mark);
    }

    @Test
    void a_publication_that_is_deleted_is_measured_no_more() {
        String name = "measured-" + UUID.randomUUID();
        request()
                .contentType(ContentType.JSON)
                .body(
                        "{\"source\":{\"categories\":[\"measured\"]},\"topic\":\"%s\"}"
                                .formatted(name))
                .put("/v1/publications/" + name)
                .then()
                .statusCode(201);
        await().atMost(PATIENCE).until(() -> isMeasured(name));

        request().delete("/v1/publications/" + name).then().statusCode(204);

        await().atMost(PATIENCE).until(() -> !isMeasured(name));
    }

    private static boolean isMeasured(String publication) {
        return get("/q/metrics").asString().contains("publication=\"" + publication + "\"");
    }

    private static void invent(String method, String address, String accept) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + address))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Accept", accept)
                        .build();
        CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
    }

    /** How many series there are of requests. */
    private static long series() {
        return requests().count();
    }

    /** How many requests were counted with all of these labels. */
    private static double counted(String... labels) {
        return requests()
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static Stream<String> requests() {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"));
    }

    /** A metric without labels; 0 when nothing was counted yet. */
    private static double metric(String name) {
        String all = get("/q/metrics").then().statusCode(200).extract().asString();
        return Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(all)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }
}
