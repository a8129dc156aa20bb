package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.stele.definition.Programs;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue of programs is full, and what waits for a program gets to know. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class ProgramQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** As many as there are by default. */
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    @Inject Programs programs;

    private final String category = "queue" + UUID.randomUUID().toString().replace("-", "");
    private final String view = "/v1/views/" + category;
    private final String publication = "/v1/publications/" + category;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    @AfterEach
    void let_the_queue_go_and_remove_what_was_made() {
        end.countDown();
        request().delete(view);
        request().delete(publication);
    }

    @Test
    void a_definition_is_answered_503_and_may_come_again() {
        fillTheQueue();
        refused(putView());
        refused(putPublication());

        end.countDown();
        await().atMost(PATIENCE).until(() -> putView().statusCode() == 201);
        await().atMost(PATIENCE).until(() -> putPublication().statusCode() == 201);
    }

    @Test
    void a_view_that_finds_it_full_says_so_and_goes_on_afterwards() {
        putView().then().statusCode(201);
        fillTheQueue();
        append(category + "-1", "{\"type\":\"Counted\",\"data\":1}").then().statusCode(201);
        await().atMost(PATIENCE)
                .until(
                        () ->
                                "too many programs wait for a thread"
                                        .equals(get(view).path("because")));

        end.countDown();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                get(view + "/entries/" + category + "-1").statusCode() == 200
                                        && get(view).path("because") == null);
    }

    private static void refused(Response answer) {
        answer.then()
                .statusCode(503)
                .header("Retry-After", equalTo("1"))
                .body("type", equalTo("/problems/overloaded"));
    }

    private Response putView() {
        return put(
                view,
                """
                {"source": {"categories": ["%s"]}, "key": ".stream", "on": {"*": ". + 1"}}
                """);
    }

    private Response putPublication() {
        return put(
                publication,
                """
                {"source": {"categories": ["%s"]}, "topic": "%1$s", "key": ".stream"}
                """);
    }

    private Response put(String path, String definition) {
        return request()
                .contentType(ContentType.JSON)
                .body(definition.formatted(category))
                .put(path);
    }

    /** Until one more is refused, and no thread is left that would make room for another. */
    private void fillTheQueue() {
        fill();
        await().atMost(PATIENCE).until(() -> waiting.get() == THREADS);
        fill();
    }

    private void fill() {
        CompletableFuture<?> last;
        do {
            last = programs.call(this::waitForTheEnd).subscribeAsCompletionStage();
        } while (!last.isCompletedExceptionally());
    }

    private boolean waitForTheEnd() {
        waiting.incrementAndGet();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
