package dev.stele.subscription;

import static dev.stele.testing.Api.freshStream;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.Api;
import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** PostgreSQL and Kafka crash while somebody appends, and come back. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class RestartTest {

    private static final int BEFORE = 30;
    private static final int BETWEEN = 60;
    private static final int ALL = 120;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void nothing_that_was_acknowledged_is_lost_repeated_or_reordered() {
        String stream = freshStream("restart");
        String view = "restart-" + UUID.randomUUID();
        request()
                .contentType("application/json")
                .body(
                        "{\"source\":{\"categories\":[\"restart\"]},\"key\":\".stream\",\"initial\":[],\"on\":{\"Counted\":\"."
                            + " + [$event.data]\"}}")
                .put("/v1/views/" + view)
                .then()
                .statusCode(201);
        AtomicInteger appended = new AtomicInteger();
        CompletableFuture<Long> appends =
                CompletableFuture.supplyAsync(() -> appendAll(stream, appended));

        await().atMost(PATIENCE).until(() -> appended.get() >= BEFORE);
        TestServers.postgres().stopImmediate();
        TestServers.postgres().startAgain();
        await().atMost(PATIENCE).until(() -> appended.get() >= BETWEEN);
        TestServers.kafka().kill();
        long position = appends.join();
        TestServers.kafka().startAgain();

        List<Integer> wanted = IntStream.range(0, ALL).boxed().toList();
        assertEquals(
                wanted,
                Api.<Integer>eventsOf(get("/v1/streams/" + stream + "/events?limit=1000"), "data"));
        assertEquals(
                wanted,
                EventsTopic.recordsOf(stream, ALL).stream()
                        .map(published -> Integer.valueOf(EventsTopic.text(published)))
                        .toList());
        request()
                .header("Prefer", "wait=30")
                .get("/v1/views/%s/entries/%s?minPosition=%d".formatted(view, stream, position))
                .then()
                .statusCode(200)
                .body("value", is(wanted));
        request().delete("/v1/views/" + view).then().statusCode(204);
    }

    /**
     * Appends one event after the other, each with its expected version, as a careful client does.
     */
    private static long appendAll(String stream, AtomicInteger appended) {
        long position = 0;
        for (int i = 0; i < ALL; i++) {
            String json =
                    "{\"type\":\"Counted\",\"data\":%d,\"id\":\"%s\"}"
                            .formatted(i, UUID.randomUUID());
            Response answer = append(stream, i, json);
            position = answer.jsonPath().getLong("position");
            appended.incrementAndGet();
        }
        return position;
    }

    /** 503 means: not appended, or not known; the same ids make a repeat safe in both cases. */
    private static Response append(String stream, int version, String json) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () ->
                                request()
                                        .contentType("application/json")
                                        .header("If-Match", "\"" + version + "\"")
                                        .body(json)
                                        .post("/v1/streams/" + stream + "/events"),
                        answer -> answer.statusCode() == 201 || answer.statusCode() == 200);
    }
}
