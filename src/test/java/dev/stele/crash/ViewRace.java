package dev.stele.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Views are made, changed and deleted all at once, round after round, while events come and readers
 * read. Afterwards everything that anybody saw is compared with the fold of the events up to the
 * position that it was seen with.
 */
final class ViewRace {

    private static final int MADE_IN_A_ROUND = 40;
    private static final int AT_ONCE = 8;
    private static final int KEPT = 2;
    private static final int WRITERS = 2;
    private static final int READERS = 6;
    private static final int STREAMS = 3;
    private static final int MAX_STEP = 9;

    /** As long as a few commits take. */
    private static final long LATEST_START_NANOS = 4_000_000;

    /**
     * Between two appends of a writer, so that views are at the head and take events one by one.
     */
    private static final long WRITERS_PAUSE_NANOS = 3_000_000;

    private final List<Replicas> replicas;
    private final Random random;
    private final String prefix = "r" + UUID.randomUUID().toString().substring(0, 8);

    private final List<String> categories = new CopyOnWriteArrayList<>();
    private final List<View> views = new CopyOnWriteArrayList<>();
    private final Map<String, Set<Long>> events = new ConcurrentHashMap<>();
    private final Queue<Sight> sights = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();

    /**
     * @param replicas each of them, for a client that prefers it
     */
    ViewRace(List<Replicas> replicas, Random random) {
        this.replicas = replicas;
        this.random = random;
    }

    /** A view whose entries count {@code step} for each event of their stream. */
    private record View(String name, String category, int step) {

        View with(int otherStep) {
            return new View(name, category, otherStep);
        }

        String definition() {
            return """
            {"source": {"categories": ["%s"]}, "key": ".stream",
             "initial": {"n": 0, "step": %d}, "on": {"*": ".n += .step"}}
            """
                    .formatted(category, step);
        }
    }

    /** How many events of each stream an answer had in it, by its own account. */
    private record Sight(
            String view, long asked, long position, int step, Map<String, Long> counts) {}

    /** Races, and fails when anybody was answered what is not the fold. */
    void run(int rounds) {
        beginCategory();
        IntStream.range(0, KEPT).forEach(this::make);
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < WRITERS; i++) {
                Random choices = new Random(random.nextLong());
                Replicas at = replicas.get(i % replicas.size());
                crowd.start(() -> write(at, choices));
            }
            for (int i = 0; i < READERS; i++) {
                Random choices = new Random(random.nextLong());
                Replicas at = replicas.get(i % replicas.size());
                crowd.start(() -> read(at, choices));
            }
            for (int round = 0; round < rounds; round++) {
                round();
            }
        }
        await().atMost(Trial.LONG_TIMEOUT).until(this::noneIsBeingBuilt);
        long head = replicas.getFirst().head();
        views.forEach(view -> lookAtAll(replicas.getFirst(), view, head));
        judge();
        views.forEach(this::verify);
    }

    /** What the service finds itself, started at one replica and followed at another. */
    private void verify(View view) {
        HttpResponse<String> started =
                replicas.getFirst()
                        .ask(
                                "/v1/views/%s/verify".formatted(view.name()),
                                request -> request.POST(BodyPublishers.noBody()));
        String job = "/v1/jobs/" + Replicas.body(started).get("id").asText();
        await().atMost(Trial.LONG_TIMEOUT)
                .until(() -> !state(job).get("state").asText().equals("running"));
        assertEquals("done", state(job).get("state").asText(), state(job).toString());
        assertEquals(0, state(job).get("differentKeys").asInt(), state(job).toString());
    }

    private JsonNode state(String job) {
        return Replicas.body(replicas.getLast().get(job));
    }

    /** Everything at once: new views, changes of the kept ones, deletions of the others. */
    private void round() {
        beginCategory();
        List<View> before = List.copyOf(views);
        List<CompletableFuture<Void>> racers = new ArrayList<>();
        for (View view : before.subList(0, KEPT)) {
            int step = 1 + random.nextInt(MAX_STEP);
            racers.add(started(() -> change(view, view.with(step))));
        }
        for (View view : before.subList(KEPT, before.size())) {
            racers.add(started(() -> delete(view)));
        }
        for (int i = 0; i < MADE_IN_A_ROUND; i++) {
            int replica = i;
            racers.add(started(() -> make(replica)));
            if (racers.size() >= AT_ONCE) {
                racers.forEach(CompletableFuture::join);
                racers.clear();
            }
        }
        racers.forEach(CompletableFuture::join);
        // Each must have had events one by one, through many connections.
        long begun = acknowledged.get();
        await().atMost(Trial.LONG_TIMEOUT)
                .until(() -> acknowledged.get() > begun + MADE_IN_A_ROUND);
        long head = acknowledged.get();
        for (View view : views) {
            lookAtAll(replicas.get(random.nextInt(replicas.size())), view, head);
        }
    }

    private CompletableFuture<Void> started(Runnable racer) {
        long delay = random.nextLong(LATEST_START_NANOS);
        return CompletableFuture.runAsync(
                () -> {
                    LockSupport.parkNanos(delay);
                    racer.run();
                },
                task -> Thread.ofVirtual().start(task));
    }

    private void beginCategory() {
        categories.add(prefix + "c" + categories.size());
    }

    private void make(int replica) {
        String name = prefix + "-" + UUID.randomUUID();
        View view = new View(name.substring(0, 30), categories.getLast(), 1);
        put(replicas.get(replica % replicas.size()), view);
        views.add(view);
    }

    private void change(View view, View changed) {
        put(replicas.getLast(), changed);
        views.set(views.indexOf(view), changed);
    }

    private void delete(View view) {
        views.remove(view);
        replicas.getLast().ask("/v1/views/" + view.name(), request -> request.DELETE());
    }

    private static void put(Replicas at, View view) {
        Replicas.body(
                at.ask(
                        "/v1/views/" + view.name(),
                        request -> request.PUT(BodyPublishers.ofString(view.definition()))));
    }

    /** Mostly into the newest category, whose views are the youngest. */
    private void write(Replicas at, Random choices) {
        LockSupport.parkNanos(WRITERS_PAUSE_NANOS);
        String category =
                choices.nextInt(4) > 0
                        ? categories.getLast()
                        : categories.get(choices.nextInt(categories.size()));
        String stream = category + "-" + choices.nextInt(STREAMS);
        String key = UUID.randomUUID().toString();
        HttpResponse<String> answer =
                at.ask(
                        "/v1/streams/%s/events".formatted(stream),
                        request ->
                                request.header("Idempotency-Key", key)
                                        .POST(BodyPublishers.ofString("{\"type\":\"Counted\"}")));
        long position = Replicas.body(answer).get("position").asLong();
        events.computeIfAbsent(stream, _ -> new ConcurrentSkipListSet<>()).add(position);
        acknowledged.accumulateAndGet(position, Math::max);
    }

    /** An entry, strongly: it may not be there, or the view may be gone by now. */
    private void read(Replicas at, Random choices) {
        List<View> known = List.copyOf(views);
        View view = known.get(choices.nextInt(known.size()));
        String stream = view.category() + "-" + choices.nextInt(STREAMS);
        long asked = acknowledged.get();
        HttpResponse<String> answer =
                at.get("/v1/views/%s/entries/%s?consistency=strong".formatted(view.name(), stream));
        JsonNode body = Replicas.json(answer.body());
        if (answer.statusCode() == 200) {
            saw(view, asked, answer, Map.of(stream, count(body)));
        } else if (body.get("type").asText().equals("/problems/entry-not-found")) {
            saw(view, asked, answer, Map.of(stream, 0L));
        } else if (!body.get("type").asText().equals("/problems/view-not-found")) {
            throw Replicas.unexpected(answer);
        }
    }

    private void lookAtAll(Replicas at, View view, long head) {
        String path = "/v1/views/%s/entries?minPosition=%d".formatted(view.name(), head);
        HttpResponse<String> answer = at.get(path);
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < STREAMS; i++) {
            counts.put(view.category() + "-" + i, 0L);
        }
        for (JsonNode entry : Replicas.body(answer).get("entries")) {
            counts.put(entry.get("key").asText(), count(entry));
        }
        saw(view, head, answer, counts);
    }

    private static long count(JsonNode entry) {
        JsonNode value = entry.get("value");
        assertEquals(0, value.get("n").asLong() % value.get("step").asLong(), value.toString());
        return value.get("n").asLong() / value.get("step").asLong();
    }

    private void saw(View view, long asked, HttpResponse<String> answer, Map<String, Long> counts) {
        long position = answer.headers().firstValueAsLong("Stele-Position").orElseThrow();
        sights.add(new Sight(view.name(), asked, position, view.step(), counts));
    }

    private boolean noneIsBeingBuilt() {
        JsonNode all = Replicas.body(replicas.getFirst().get("/v1/views")).get("views");
        for (JsonNode status : all) {
            if (status.get("view").asText().startsWith(prefix) && status.has("next")) {
                return false;
            }
        }
        return true;
    }

    /** Only now is every event known that may have been seen. */
    private void judge() {
        List<String> flaws = new ArrayList<>();
        for (Sight sight : sights) {
            sight.counts()
                    .forEach(
                            (stream, count) -> {
                                if (count != fold(stream, sight.position())) {
                                    flaws.add(
                                            "%s of %s, but %d events"
                                                    .formatted(
                                                            stream,
                                                            sight,
                                                            fold(stream, sight.position())));
                                }
                            });
            if (sight.position() < sight.asked()) {
                flaws.add("too early: " + sight);
            }
        }
        System.err.printf("%d answers, %d wrong%n", sights.size(), flaws.size());
        assertEquals(List.of(), flaws.stream().limit(10).toList());
    }

    private long fold(String stream, long position) {
        return events.getOrDefault(stream, Set.of()).stream()
                .filter(event -> event <= position)
                .count();
    }
}
