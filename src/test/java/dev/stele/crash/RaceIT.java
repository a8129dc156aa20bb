package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that race at two processes, as clients see them: one appends, and the answers of the
 * others follow from it. {@code -Drounds=} prolongs it, {@code -Dseed=} repeats how racers start.
 */
class RaceIT {

    private static final int RACERS = 16;
    private static final int ROUNDS = Integer.getInteger("rounds", 100);

    /** As long as a few commits take. */
    private static final long LATEST_START_NANOS = 4_000_000;

    private static CrashSite site;

    private final long seed = Long.getLong("seed", new Random().nextLong());

    @BeforeAll
    static void start(@TempDir Path folder) {
        site = new CrashSite(folder, 2);
        site.awaitAll();
    }

    @AfterAll
    static void stop() {
        site.requireNoErrorLogged();
        site.close();
    }

    @Test
    void all_who_append_with_one_id_get_the_answer_of_the_one_that_did() {
        race(
                () -> {
                    String event = event(UUID.randomUUID(), 0);
                    return _ -> append(event);
                },
                RaceIT::requireOneReceipt);
    }

    @Test
    void all_who_append_with_one_idempotency_key_get_the_answer_of_the_one_that_did() {
        race(
                () -> {
                    String key = UUID.randomUUID().toString();
                    return _ -> append("{\"type\":\"Raced\"}", "Idempotency-Key", key);
                },
                RaceIT::requireOneReceipt);
    }

    @Test
    void whoever_sends_a_used_id_with_other_content_is_told_that_it_is_used() {
        race(
                () -> {
                    UUID id = UUID.randomUUID();
                    return racer -> append(event(id, racer));
                },
                answers ->
                        requireOneAppended(
                                answers,
                                409,
                                body ->
                                        assertEquals(
                                                "/problems/id-reused", body.get("type").asText())));
    }

    @Test
    void whoever_expects_no_stream_is_told_the_version_that_the_winner_made() {
        race(
                () -> racer -> append(event(UUID.randomUUID(), racer), "If-None-Match", "*"),
                answers ->
                        requireOneAppended(
                                answers,
                                412,
                                body -> assertEquals(1, body.at("/conflicts/0/actual").asInt())));
    }

    /** Each round is on a new stream, with what racers send made anew. */
    private void race(
            Supplier<IntFunction<Replicas.Request>> rounds,
            Consumer<List<HttpResponse<String>>> judge) {
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            String path = "/v1/streams/race-%s/events".formatted(UUID.randomUUID());
            IntFunction<Replicas.Request> requests = rounds.get();
            List<CompletableFuture<HttpResponse<String>>> racers =
                    IntStream.range(0, RACERS)
                            .mapToObj(
                                    racer ->
                                            started(
                                                    site.services().get(racer % 2).address(),
                                                    path,
                                                    requests.apply(racer),
                                                    random.nextLong(LATEST_START_NANOS)))
                            .toList();
            judge.accept(racers.stream().map(CompletableFuture::join).toList());
        }
    }

    private static CompletableFuture<HttpResponse<String>> started(
            URI replica, String path, Replicas.Request request, long delayNanos) {
        Replicas replicas = site.preferring(0, Trial.LONG_TIMEOUT);
        return CompletableFuture.supplyAsync(
                () -> {
                    LockSupport.parkNanos(delayNanos);
                    try {
                        return replicas.ask(replica, path, request);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static String event(UUID id, int data) {
        return "{\"id\":\"%s\",\"type\":\"Raced\",\"data\":%d}".formatted(id, data);
    }

    private static Replicas.Request append(String event, String... header) {
        return request -> {
            request.POST(BodyPublishers.ofString(event));
            return header.length == 0 ? request : request.headers(header);
        };
    }

    private static void requireOneReceipt(List<HttpResponse<String>> answers) {
        requireOneAppended(answers, 200, body -> assertTrue(body.get("duplicate").asBoolean()));
        assertEquals(
                1,
                answers.stream()
                        .map(Attempt::of)
                        .map(attempt -> ((Attempt.Accepted) attempt).receipt())
                        .distinct()
                        .count());
    }

    private static void requireOneAppended(
            List<HttpResponse<String>> answers, int others, Consumer<JsonNode> told) {
        assertEquals(1, answers.stream().filter(answer -> answer.statusCode() == 201).count());
        for (HttpResponse<String> answer : answers) {
            if (answer.statusCode() != 201) {
                assertEquals(others, answer.statusCode(), answer.body());
                told.accept(Replicas.json(answer.body()));
            }
        }
    }
}
