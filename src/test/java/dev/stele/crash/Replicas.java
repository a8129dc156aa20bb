package dev.stele.crash;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The replicas of a service, as one client sees them over HTTP: the preferred one, and others that
 * it turns to when that one fails it.
 */
final class Replicas {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final HttpClient http;
    private final List<URI> addresses;
    private final Duration timeout;

    /**
     * @param addresses the preferred one first
     * @param timeout the longest wait for an answer
     */
    Replicas(HttpClient http, List<URI> addresses, Duration timeout) {
        this.http = http;
        this.addresses = addresses;
        this.timeout = timeout;
    }

    /** A request without its address. */
    @FunctionalInterface
    interface Request {
        HttpRequest.Builder with(HttpRequest.Builder addressed);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an answer of success says. */
    static JsonNode body(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw unexpected(answer);
        }
        return json(answer.body());
    }

    static AssertionError unexpected(HttpResponse<String> answer) {
        return new AssertionError(
                "%s answered %d %s".formatted(answer.uri(), answer.statusCode(), answer.body()));
    }

    /** The replicas in turn, the preferred one first. */
    Turns turns() {
        return new Turns();
    }

    /** Asks one replica, once. */
    HttpResponse<String> ask(URI replica, String path, Request request) throws IOException {
        HttpRequest.Builder addressed =
                HttpRequest.newBuilder(replica.resolve(path))
                        .timeout(timeout)
                        .header("Content-Type", "application/json");
        try {
            return http.send(request.with(addressed).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks what may be asked again at will, until one answers. */
    HttpResponse<String> ask(String path, Request request) {
        for (Turns turns = turns(); ; turns.next(path)) {
            try {
                HttpResponse<String> answer = ask(turns.replica(), path, request);
                if (answer.statusCode() != 503) {
                    return answer;
                }
            } catch (IOException _) {
                // Says as little as a 503.
            }
        }
    }

    HttpResponse<String> get(String path) {
        return ask(path, request -> request.GET().header("Prefer", "wait=10"));
    }

    /** The newest position. */
    long head() {
        return body(get("/v1/log")).get("head").asLong();
    }

    /** All of what comes in pages, each read as soon as it is there. */
    <T> List<T> all(String path, String member, Function<JsonNode, T> reader) {
        List<T> all = new ArrayList<>();
        for (String next = path; !next.isEmpty(); ) {
            JsonNode page = body(get(next));
            page.get(member).forEach(each -> all.add(reader.apply(each)));
            next = page.path("next").asText("");
        }
        return all;
    }

    /** One replica after the other, with a pause between them, until patience ends. */
    final class Turns {

        private final long began = System.nanoTime();
        private int turn;

        URI replica() {
            return addresses.get(turn % addresses.size());
        }

        void next(String what) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new AssertionError("No answer for " + PATIENCE + ": " + what);
            }
            turn++;
            // There is no condition to wait for: Retry-After asks for time to pass.
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
