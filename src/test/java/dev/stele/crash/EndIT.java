package dev.stele.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.crash.KeptConnection.Answer;
import dev.stele.testing.Service;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The end of a replica by SIGTERM: whoever asked is answered, nothing is lost, the other replica
 * goes on with what this one ran, and it is over soon, whoever hangs. It prints how long it took.
 */
class EndIT {

    private static final int CLIENTS = 64;
    private static final int ROUNDS = Integer.getInteger("end.rounds", 4);
    private static final int EACH = 4;

    /** Ten seconds are the contract; the rest is for a machine that is busy with other things. */
    private static final Duration LATEST_END = Duration.ofSeconds(10 + 5);

    private static final Duration LATEST_TAKE_OVER = Duration.ofSeconds(30);

    /** While the clients leave it little of the machine. */
    private static final Duration LATEST_RETURN = Duration.ofSeconds(60);

    private static final String NOBODY = "";
    private static final double MOST_SECONDS_OF_LOAD = 1;
    private static final int IN_ORDER = 143;
    private static final int BY_LAST_RESORT = 137;
    private static final String FAR = "9007199254740991";

    /** Of a GOAWAY that is no complaint (RFC 9113, section 7). */
    private static final long NO_ERROR = 0;

    @TempDir static Path folder;
    private static CrashSite site;

    @BeforeAll
    static void start() {
        site = new CrashSite(folder, 2, CrashSite.SHORT_LIVED);
        site.awaitAll();
        define();
    }

    @AfterEach
    void nothing_that_happened_is_called_an_error() {
        site.requireNoErrorLogged();
    }

    @AfterAll
    static void end() {
        site.close();
    }

    @Test
    void under_load_everybody_is_answered_and_the_other_replica_goes_on() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        EndedClients clients;
        try (Crowd crowd = new Crowd()) {
            clients = new EndedClients(addresses(), crowd);
            for (int i = 0; i < CLIENTS; i++) {
                clients.start(0);
            }
            for (int round = 0; round < ROUNDS; round++) {
                Service ends = site.services().get(round % 2);
                crowd.awaitProgress(ends.address());
                LockSupport.parkNanos((long) (random.nextDouble(MOST_SECONDS_OF_LOAD) * 1e9));
                endUnderLoad(ends, site.services().get(1 - round % 2));
                comeBack(ends);
            }
        }
        System.err.println(clients.tally());

        assertEquals(List.of(), List.copyOf(clients.unanswered()));
        requireAllInLog(clients);
        site.awaitAllDoneBy(site.services().getFirst());
    }

    private static void endUnderLoad(Service ends, Service goesOn) {
        String former = Replicas.body(alone(ends).get("/v1/status")).get("replica").asText();
        long begun = System.nanoTime();
        terminate(ends);
        double lasted = secondsSince(begun);
        Replicas other = alone(goesOn);
        long head = other.head();
        awaitAll(
                other, each -> !Set.of(former, NOBODY).contains(each.path("owner").asText(NOBODY)));
        double taken = secondsSince(begun);
        awaitAll(other, each -> each.get("position").asLong() >= head);
        System.err.printf(
                "the end took %.2f s; %.2f s after it the other had all leases, and had handled all"
                        + " after %.2f s%n",
                lasted, taken - lasted, secondsSince(begun) - lasted);
    }

    private static void awaitAll(Replicas at, Predicate<JsonNode> hold) {
        await().atMost(LATEST_TAKE_OVER)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> standings(at).stream().allMatch(hold));
    }

    private static void requireAllInLog(EndedClients clients) {
        Map<UUID, Long> inLog = new HashMap<>();
        alone(site.services().getFirst())
                .all("/v1/events?limit=1000", "events", each -> each)
                .forEach(
                        event ->
                                inLog.put(
                                        UUID.fromString(event.get("id").asText()),
                                        event.get("position").asLong()));
        clients.acknowledged()
                .forEach((id, position) -> assertEquals(position, inLog.get(id), "event " + id));
        assertEquals(List.of(), clients.refused().stream().filter(inLog::containsKey).toList());
    }

    @Test
    void whatever_waits_is_answered_before_the_end() throws Exception {
        Service ends = site.services().getFirst();
        URI at = ends.address();
        try (KeptConnection bulk = KeptConnection.to(at);
                KeptConnection read = KeptConnection.to(at);
                KeptConnection viewRead = KeptConnection.to(at);
                KeptConnection half = KeptConnection.to(at);
                KeptConnection unsized = KeptConnection.to(at);
                KeptConnection idle = KeptConnection.to(at);
                KeptConnection returning = KeptConnection.to(at)) {
            assertEquals(200, idle.get("/v1/log").status());
            assertEquals(200, returning.get("/v1/log").status());
            beginBulk(bulk);
            wait(read, "/v1/log?minPosition=" + FAR);
            wait(viewRead, "/v1/views/crash/entries?minPosition=" + FAR);
            half.send(KeptConnection.post("end-half", "application/json", "Content-Length: 99"));
            half.send("{\"type\":");
            unsized.send(
                    KeptConnection.post(
                            "end-half", "application/json", "Transfer-Encoding: chunked"));
            unsized.send("8\r\n{\"type\":\r\n");
            awaitReadersWait(at);

            CompletableFuture<Double> ended = meanwhile(() -> terminate(ends));
            await().until(() -> ends.readiness().startsWith("503"));
            requireRefused(returning.get("/v1/log"));
            requireRefusedAnew(at);
            requireRefused(read.answer());
            requireRefused(viewRead.answer());
            String last = bulk.chunk();
            assertTrue(last.contains("/problems/overloaded"), last);
            requireRefused(half.answer());
            requireRefused(unsized.answer());
            assertEquals("", idle.rest());
            System.err.printf("an end with half requests took %.2f s%n", ended.join());
        }
        comeBack(ends);
    }

    @Test
    void who_waits_over_http_2_is_answered_and_the_connection_goes_away() throws Exception {
        Service ends = site.services().getFirst();
        Vertx vertx = Vertx.vertx();
        try {
            CompletableFuture<Long> goneAway = new CompletableFuture<>();
            CompletableFuture<Boolean> closed = new CompletableFuture<>();
            CompletableFuture<HttpClientResponse> waiting =
                    overHttp2(vertx, goneAway, closed)
                            .request(
                                    new RequestOptions()
                                            .setAbsoluteURI(
                                                    ends.address()
                                                            .resolve("/v1/log?minPosition=" + FAR)
                                                            .toString())
                                            .putHeader("Prefer", "wait=30"))
                            .compose(HttpClientRequest::send)
                            .toCompletionStage()
                            .toCompletableFuture();
            awaitReadersWait(ends.address());

            terminate(ends);

            assertEquals(503, waiting.join().statusCode());
            assertEquals(NO_ERROR, goneAway.join());
            assertTrue(closed.join());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        comeBack(ends);
    }

    private static HttpClient overHttp2(
            Vertx vertx, CompletableFuture<Long> goneAway, CompletableFuture<Boolean> closed) {
        return vertx.httpClientBuilder()
                .with(
                        new HttpClientOptions()
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false))
                .withConnectHandler(
                        connection ->
                                connection
                                        .goAwayHandler(
                                                sent -> goneAway.complete(sent.getErrorCode()))
                                        .closeHandler(_ -> closed.complete(true)))
                .build();
    }

    private static void beginBulk(KeptConnection bulk) throws IOException {
        bulk.send(
                KeptConnection.post(
                        "end-bulk", "application/x-ndjson", "Transfer-Encoding: chunked"));
        String chunk =
                "{\"type\":\"Written\",\"data\":{\"number\":1,\"pad\":\"\"}}\n".repeat(1_000);
        bulk.send("%x\r\n%s\r\n".formatted(chunk.length(), chunk));
        assertTrue(bulk.head().startsWith("http/1.1 200"));
        assertTrue(bulk.chunk().contains("\"events\":1000"));
    }

    private static void wait(KeptConnection reader, String path) throws IOException {
        reader.send(
                "GET %s HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=30\r\n\r\n".formatted(path));
    }

    /** What was sent before over other connections has come by then, or nearly so. */
    private static void awaitReadersWait(URI at) throws IOException {
        try (KeptConnection one = KeptConnection.to(at)) {
            assertEquals(503, one.get("/v1/log?minPosition=" + FAR, "Prefer: wait=1").status());
        }
    }

    private static void requireRefusedAnew(URI at) throws IOException {
        try (KeptConnection late = KeptConnection.to(at)) {
            requireRefused(late.append("end-late", UUID.randomUUID()));
        }
    }

    private static void requireRefused(Answer answer) {
        assertEquals(503, answer.status(), answer.toString());
        assertTrue(answer.isLast(), answer.toString());
        assertTrue(answer.says("retry-after: "), answer.toString());
        assertTrue(answer.says("content-type: application/problem+json"), answer.toString());
    }

    @Test
    void it_is_over_in_time_when_postgresql_hangs() throws IOException {
        Service ends = site.services().getFirst();
        UUID id = UUID.randomUUID();
        try (KeptConnection appending = KeptConnection.to(ends.address());
                KeptConnection reading = KeptConnection.to(ends.address());
                Frozen _ = Frozen.postgres(folder)) {
            CompletableFuture<Answer> append = meanwhile(() -> appending.append("end-hang", id));
            CompletableFuture<Answer> read = meanwhile(() -> reading.get("/v1/events?limit=1"));

            // The framework waits for its connections longer than the service may take to end.
            double lasted = terminate(ends, Set.of(IN_ORDER, BY_LAST_RESORT));

            System.err.printf("an end without PostgreSQL took %.2f s%n", lasted);
            requireRefused(append.join());
            requireRefused(read.join());
        }
        comeBack(ends);
        await().atMost(LATEST_TAKE_OVER)
                .until(() -> site.services().get(1).readiness().startsWith("200"));
        // Whoever was told that nobody knows, asks again with the same id.
        try (KeptConnection again = KeptConnection.to(ends.address())) {
            int status = again.append("end-hang", id).status();
            assertTrue(status == 201 || status == 200, "" + status);
        }
    }

    @Test
    void it_is_over_in_time_when_kafka_hangs() throws IOException {
        Service ends = site.services().getFirst();
        try (KeptConnection appending = KeptConnection.to(ends.address());
                Frozen _ = Frozen.kafka(folder)) {
            for (int i = 0; i < EACH; i++) {
                assertEquals(201, appending.append(category(i) + "-1", UUID.randomUUID()).status());
            }
            double lasted = terminate(ends);

            System.err.printf("an end without Kafka took %.2f s%n", lasted);
        }
        comeBack(ends);
        site.awaitAllDoneBy(ends);
    }

    @Test
    void an_idle_replica_ends_soon() {
        Service ends = site.services().getFirst();
        System.err.printf("the end of an idle replica took %.2f s%n", terminate(ends));
        comeBack(ends);
    }

    /** What is done meanwhile, each on a thread of its own. */
    private static <T> CompletableFuture<T> meanwhile(Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                done.complete(work.call());
                            } catch (Exception e) {
                                done.completeExceptionally(e);
                            }
                        });
        return done;
    }

    /** Asks it to end, waits for that, and returns how many seconds it took. */
    private static double terminate(Service service) {
        return terminate(service, Set.of(IN_ORDER));
    }

    private static double terminate(Service service, Set<Integer> codes) {
        long begun = System.nanoTime();
        CompletableFuture<Integer> code =
                meanwhile(
                        () -> {
                            service.stop();
                            return service.exitCode();
                        });
        await().atMost(LATEST_END).pollInterval(Duration.ofMillis(5)).until(code::isDone);
        assertTrue(codes.contains(code.join()), "exit code " + code.join());
        return secondsSince(begun);
    }

    private static void comeBack(Service service) {
        service.startAgain();
        await().atMost(LATEST_RETURN).until(() -> service.readiness().startsWith("200"));
    }

    private static void define() {
        Replicas replicas = alone(site.services().getFirst());
        CrashView.put(replicas);
        for (int i = 0; i < EACH; i++) {
            String source = "\"source\": {\"categories\": [\"%s\"]}".formatted(category(i));
            put(
                    replicas,
                    "/v1/views/" + category(i),
                    "{%s, \"key\": \".stream\", \"on\": {\"*\": \"1\"}}".formatted(source));
            put(
                    replicas,
                    "/v1/publications/" + category(i),
                    "{%s, \"topic\": \"%s\"}".formatted(source, category(i)));
        }
    }

    private static void put(Replicas replicas, String path, String definition) {
        Replicas.body(
                replicas.ask(path, request -> request.PUT(BodyPublishers.ofString(definition))));
    }

    private static String category(int i) {
        return "ends" + i;
    }

    private static List<JsonNode> standings(Replicas replicas) {
        List<JsonNode> all = new ArrayList<>();
        for (String kind : List.of("views", "publications")) {
            Replicas.body(replicas.get("/v1/" + kind)).get(kind).forEach(all::add);
        }
        return all;
    }

    private static List<URI> addresses() {
        return site.services().stream().map(Service::address).toList();
    }

    private static Replicas alone(Service service) {
        return site.alone(service);
    }

    private static double secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
