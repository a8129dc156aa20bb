package dev.stele.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.event.EventIds;
import dev.stele.event.StreamId;
import dev.stele.history.History;
import dev.stele.history.Logged;
import dev.stele.history.Operation;
import dev.stele.history.Outcome;
import dev.stele.history.Span;
import dev.stele.history.Write;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of many clients that write and read as it comes, and put every request and every answer into
 * the history. What it expects of a stream is what it has last heard of it, so that it is often
 * late.
 */
final class HistoryClient {

    private static final int STREAMS = 20;
    private static final int TAGS = 100;
    private static final int MOST_PARTS = 3;
    private static final int MOST_EVENTS = 4;
    private static final int MOST_IN_PAGE = 30;
    private static final int ONE_IN_SO_MANY_IS_REPEATED = 10;
    private static final int ONE_IN_SO_MANY_IS_COPIED = 10;
    private static final int ONE_IN_SO_MANY_IS_OF_CLOUD_EVENTS = 5;
    private static final int ONE_IN_SO_MANY_IS_A_DELETION = 30;

    /** So far behind the newest position that it knows it reads, and decides by tags. */
    private static final int MOST_BEHIND = 2_000;

    private final int number;
    private final Replicas replicas;
    private final History history;
    private final Random random;
    private final AtomicReference<@Nullable Write> latest;
    private final Consumer<URI> acknowledgedBy;

    private final Map<String, Long> versions = new HashMap<>();
    private final Queue<Write> doubts = new ArrayDeque<>();
    private long head;

    /**
     * @param latest what one of the clients has sent last
     * @param acknowledgedBy is told of each acknowledgement by which replica it came
     */
    HistoryClient(
            int number,
            Replicas replicas,
            History history,
            Random random,
            AtomicReference<@Nullable Write> latest,
            Consumer<URI> acknowledgedBy) {
        this.number = number;
        this.replicas = replicas;
        this.history = history;
        this.random = random;
        this.latest = latest;
        this.acknowledgedBy = acknowledgedBy;
    }

    /** Does something. */
    void step() {
        switch (random.nextInt(8)) {
            case 0 -> readStreamHead();
            case 1 -> readStreamPage();
            case 2 -> readLogHead();
            case 3 -> readLogPage();
            default -> append(someWrite(), false);
        }
    }

    /** Comes back to all that was left in doubt, and does not leave before it is settled. */
    void settle() {
        for (Write write = doubts.poll(); write != null; write = doubts.poll()) {
            append(write, true);
        }
    }

    /** One of its own, or the one that somebody else may be sending at this moment. */
    private Write someWrite() {
        Write other = latest.get();
        if (other != null && random.nextInt(ONE_IN_SO_MANY_IS_COPIED) == 0) {
            return other;
        }
        Write own = anyWrite();
        latest.set(own);
        return own;
    }

    private Write anyWrite() {
        if (random.nextInt(ONE_IN_SO_MANY_IS_A_DELETION) == 0) {
            return anyDeletion();
        }
        if (random.nextInt(ONE_IN_SO_MANY_IS_OF_CLOUD_EVENTS) == 0) {
            return Write.cloudEvents(anyPart(anyStream()));
        }
        List<String> streams =
                new ArrayList<>(IntStream.range(0, STREAMS).mapToObj(this::stream).toList());
        Collections.shuffle(streams, random);
        int parts = random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_PARTS);
        boolean decidedByTag = random.nextInt(4) == 0;
        return Write.events(
                streams.stream().limit(parts).map(this::anyPart).toList(),
                "tag:" + random.nextInt(TAGS),
                decidedByTag ? somewhereBehind() : Write.NEVER);
    }

    private Write anyDeletion() {
        String stream = anyStream();
        long version = versions.getOrDefault(stream, 0L);
        String key = UUID.randomUUID().toString();
        return Write.deletion(
                stream,
                version == 0 || random.nextBoolean() ? Write.ANY : version,
                key,
                EventIds.ofKey(new StreamId(stream), key, 0).value());
    }

    private Write.Part anyPart(String stream) {
        long expected = random.nextBoolean() ? Write.ANY : versions.getOrDefault(stream, 0L);
        int events = 1 + random.nextInt(MOST_EVENTS);
        return new Write.Part(
                stream, expected, Stream.generate(UUID::randomUUID).limit(events).toList());
    }

    private String stream(int index) {
        return "history-" + index;
    }

    private String anyStream() {
        return stream(random.nextInt(STREAMS));
    }

    /** Mostly near, where it may succeed. */
    private long somewhereBehind() {
        int behind = random.nextInt(1 + random.nextInt(1 + random.nextInt(MOST_BEHIND)));
        return Math.max(0, head - behind);
    }

    /** Repeats what is in doubt, perhaps at another replica, or walks away, unless it stays. */
    private void append(Write write, boolean stays) {
        boolean inDoubt = stays;
        for (Replicas.Turns turns = replicas.turns(); ; turns.next(write.toString())) {
            switch (attempt(write, turns.replica())) {
                case Outcome.Accepted(var places, _) -> {
                    acknowledgedBy.accept(turns.replica());
                    boolean deleted = write.form() instanceof Write.Form.Deletion;
                    places.forEach(place -> learn(place.stream(), deleted ? 0 : place.version()));
                    head = Math.max(head, places.getLast().position());
                    if (random.nextInt(ONE_IN_SO_MANY_IS_REPEATED) == 0) {
                        attempt(write, turns.replica());
                    }
                    return;
                }
                case Outcome.Conflict(var failed) -> {
                    failed.forEach(this::learn);
                    return;
                }
                case Outcome.Deleted _ -> {
                    write.parts().forEach(part -> learn(part.stream(), 0));
                    return;
                }
                case Outcome.NotDone() -> {}
                case Outcome.Unknown() -> inDoubt = true;
            }
            if (!stays && random.nextInt(3) == 0) {
                if (inDoubt) {
                    doubts.add(write);
                }
                return;
            }
        }
    }

    private void learn(Outcome.Failed failed) {
        if (failed instanceof Outcome.Failed.AtVersion(var stream, _, long actual)) {
            learn(stream, actual);
        }
    }

    /** The last version of a stream; 0: it was deleted. */
    private void learn(String stream, long version) {
        versions.merge(stream, version, (known, now) -> now == 0 ? 0 : Math.max(known, now));
    }

    private Outcome attempt(Write write, URI replica) {
        WriteRequest request =
                switch (write.form()) {
                    case Write.Form.Events() ->
                            WriteRequest.fitsOneStream(write) && random.nextBoolean()
                                    ? WriteRequest.toStream(write)
                                    : WriteRequest.atomic(write);
                    case Write.Form.CloudEvents() -> WriteRequest.cloudEvents(write);
                    case Write.Form.Deletion(var key) -> WriteRequest.deletion(write, key);
                };
        long began = history.now();
        Outcome outcome;
        long ended;
        try {
            HttpResponse<String> answer = replicas.ask(replica, request.path(), request.request());
            ended = history.now();
            outcome = WriteRequest.outcome(write, answer);
        } catch (ConnectException _) {
            ended = history.now();
            outcome = new Outcome.NotDone();
        } catch (IOException _) {
            ended = history.now();
            outcome = new Outcome.Unknown();
        }
        history.add(new Operation.Append(new Span(number, began, ended), write, outcome));
        return outcome;
    }

    private void readStreamHead() {
        String stream = anyStream();
        read(
                "/v1/streams/" + stream,
                (span, answer) ->
                        switch (answer.statusCode()) {
                            case 404 -> new Operation.StreamHead(span, stream, 0);
                            case 410 -> deleted(span, stream, answer);
                            default ->
                                    new Operation.StreamHead(
                                            span,
                                            stream,
                                            Replicas.body(answer).get("version").asLong());
                        });
    }

    private void readStreamPage() {
        String stream = anyStream();
        long from =
                1 + Math.max(0, versions.getOrDefault(stream, 0L) - random.nextInt(MOST_IN_PAGE));
        read(
                "/v1/streams/%s/events?from=%d&limit=%d"
                        .formatted(stream, from, 1 + random.nextInt(MOST_IN_PAGE)),
                (span, answer) ->
                        switch (answer.statusCode()) {
                            case 404 -> new Operation.StreamHead(span, stream, 0);
                            case 410 -> deleted(span, stream, answer);
                            default ->
                                    new Operation.StreamPage(
                                            span, stream, from, events(answer), isLast(answer));
                        });
    }

    private void readLogHead() {
        read(
                "/v1/log",
                (span, answer) -> {
                    long position = Replicas.body(answer).get("head").asLong();
                    head = Math.max(head, position);
                    return new Operation.LogHead(span, position);
                });
    }

    private void readLogPage() {
        long after = somewhereBehind();
        read(
                "/v1/events?after=%d&limit=%d".formatted(after, 1 + random.nextInt(MOST_IN_PAGE)),
                (span, answer) ->
                        new Operation.LogPage(span, after, events(answer), isLast(answer)));
    }

    /** What an answer says. */
    @FunctionalInterface
    private interface Reading {
        Operation of(Span span, HttpResponse<String> answer);
    }

    /** Asks one replica after the other until one answers. */
    private void read(String path, Reading reading) {
        for (Replicas.Turns turns = replicas.turns(); ; turns.next(path)) {
            long began = history.now();
            try {
                HttpResponse<String> answer =
                        replicas.ask(turns.replica(), path, HttpRequest.Builder::GET);
                Span span = new Span(number, began, history.now());
                if (answer.statusCode() != 503) {
                    history.add(reading.of(span, answer));
                    return;
                }
                history.add(new Operation.Unanswered(span, path));
            } catch (IOException _) {
                history.add(new Operation.Unanswered(new Span(number, began, history.now()), path));
            }
        }
    }

    private static Operation deleted(Span span, String stream, HttpResponse<String> answer) {
        return new Operation.DeletedStream(
                span, stream, WriteRequest.tombstone(Replicas.json(answer.body())).orElseThrow());
    }

    private static List<Logged> events(HttpResponse<String> answer) {
        List<Logged> events = new ArrayList<>();
        for (JsonNode event : Replicas.body(answer).get("events")) {
            events.add(WriteRequest.logged(event));
        }
        return events;
    }

    private static boolean isLast(HttpResponse<String> answer) {
        return !Replicas.body(answer).has("next");
    }
}
