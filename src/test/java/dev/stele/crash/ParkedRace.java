package dev.stele.crash;

import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.testing.EventsTopic;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Events of which many fail, for a view, for a publication, or for one key of a view; a topic whose
 * limit changes, so that what was too large may fit later; and operators who retry and skip without
 * thinking. Afterwards what the service says is parked and skipped must explain all that is missing
 * from the topic and the view, and nothing may come twice or out of order.
 */
final class ParkedRace implements AutoCloseable {

    private static final String VIEW = "/v1/views/race";
    private static final String PUBLICATION = "/v1/publications/race";
    private static final String TOPIC = "race";
    private static final int SMALL_BYTES = 4_096;
    private static final int LARGE_BYTES = 65_536;
    private static final String PADDING = "x".repeat(2 * SMALL_BYTES);

    /** Events of the first ones have another key as well; some of the others have none at all. */
    private static final int STREAMS = 12;

    private static final int WITH_OTHER_KEY = 8;
    private static final int OTHER_KEYS = 4;

    private static final long WRITERS_PAUSE_NANOS = 8_000_000;
    private static final long OPERATORS_PAUSE_NANOS = 10_000_000;
    private static final long LIMITS_PAUSE_NANOS = 400_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Replicas replicas;
    private final Admin admin;
    private final EventsTopic topic;

    /** What was read from the topic so far: of each key, the positions in its order. */
    private final Map<String, List<Long>> sent = new TreeMap<>();

    private final LongAdder retries = new LongAdder();

    /** Skips that were answered 200: path, key and position. */
    private final Set<String> skips = ConcurrentHashMap.newKeySet();

    ParkedRace(String bootstrapServers, Replicas replicas) {
        this.replicas = replicas;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.topic = new EventsTopic(bootstrapServers, TOPIC);
    }

    void define() {
        try {
            NewTopic small = new NewTopic(TOPIC, Optional.of(3), Optional.empty());
            admin.createTopics(
                            List.of(
                                    small.configs(
                                            Map.of(
                                                    "max.message.bytes",
                                                    Integer.toString(SMALL_BYTES)))))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        put(
                VIEW,
                """
                {"source": {"categories": ["race"]},
                 "key": "if .data.key == null then error(\\"no key\\") else .data.key, (.data.other // empty) end",
                 "initial": {"count": 0, "numbers": []},
                 "on": {"*": "if $event.data.bad == $key then error(\\"bad\\") else .count += 1 | .numbers = (.numbers + [$event.data.n])[-5:] end"}}
                """);
        put(
                PUBLICATION,
                """
                {"source": {"categories": ["race"]}, "topic": "race", "key": ".data.key",
                 "value": "if .data.bad == \\"message\\" then error(\\"bad\\") else .data end"}
                """);
    }

    private void put(String path, String definition) {
        Replicas.body(
                replicas.ask(path, request -> request.PUT(BodyPublishers.ofString(definition))));
    }

    /** Appends one or some events to a stream at once. */
    void write(Replicas at, Random choices) {
        LockSupport.parkNanos(choices.nextLong(2 * WRITERS_PAUSE_NANOS));
        int stream = choices.nextInt(STREAMS);
        List<String> events = new ArrayList<>();
        for (int i = choices.nextInt(4); i >= 0; i--) {
            events.add("{\"type\":\"A\",\"data\":{%s}}".formatted(data(stream, choices)));
        }
        String key = UUID.randomUUID().toString();
        Replicas.body(
                at.ask(
                        "/v1/streams/race-%d/events".formatted(stream),
                        request ->
                                request.header("Idempotency-Key", key)
                                        .POST(BodyPublishers.ofString(events.toString()))));
    }

    private static String data(int stream, Random choices) {
        List<String> members = new ArrayList<>();
        members.add("\"n\":" + choices.nextInt(1_000_000));
        String other = "other-" + choices.nextInt(OTHER_KEYS);
        int chance = choices.nextInt(100);
        if (stream >= WITH_OTHER_KEY) {
            // Nothing else fails for them, so that a key is parked for one reason only.
            if (chance >= 6) {
                members.add("\"key\":\"race-%d\"".formatted(stream));
            }
            return String.join(",", members);
        }
        members.add("\"key\":\"race-%d\"".formatted(stream));
        members.add("\"other\":\"%s\"".formatted(other));
        if (chance < 6) {
            members.add("\"bad\":\"race-%d\"".formatted(stream));
        } else if (chance < 10) {
            members.add("\"bad\":\"%s\"".formatted(other));
        } else if (chance < 15) {
            members.add("\"bad\":\"message\"");
        } else if (chance < 20) {
            members.add("\"padding\":\"%s\"".formatted(PADDING));
        }
        return String.join(",", members);
    }

    /** What was too large fits, or the other way round. */
    void changeLimit(Random choices) {
        LockSupport.parkNanos(LIMITS_PAUSE_NANOS);
        int bytes = choices.nextBoolean() ? SMALL_BYTES : LARGE_BYTES;
        var limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                                    List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Looks at what is parked and does something about it; whoever is asked may be away. */
    void operate(URI asked, Random choices) {
        LockSupport.parkNanos(OPERATORS_PAUSE_NANOS);
        String of = choices.nextBoolean() ? VIEW : PUBLICATION;
        try {
            HttpResponse<String> list = replicas.ask(asked, of + "/parked", request -> request);
            requireOneOf(list, 200, 503);
            JsonNode parked = Replicas.json(list.body()).path("parked");
            if (parked.isEmpty()) {
                return;
            }
            JsonNode one = parked.get(choices.nextInt(parked.size()));
            switch (choices.nextInt(10)) {
                case 0 -> retry(asked, of + "/parked/retry");
                case 1, 2 -> retry(asked, address(of, one) + "/retry");
                default -> skip(asked, of, one);
            }
        } catch (IOException _) {
            // It was killed, perhaps after it had done what was asked for.
        }
    }

    private static String address(String of, JsonNode parked) {
        String key = URLEncoder.encode(parked.get("key").asText(), StandardCharsets.UTF_8);
        return "%s/parked/%s".formatted(of, key);
    }

    private void retry(URI asked, String path) throws IOException {
        requireOneOf(
                replicas.ask(asked, path, request -> request.POST(BodyPublishers.noBody())),
                202,
                404,
                503);
        retries.increment();
    }

    private void skip(URI asked, String of, JsonNode parked) throws IOException {
        String body =
                "{\"position\": %s, \"reason\": \"a race\"}".formatted(parked.get("position"));
        HttpResponse<String> answer =
                replicas.ask(
                        asked,
                        address(of, parked) + "/skip",
                        request -> request.POST(BodyPublishers.ofString(body)));
        requireOneOf(answer, 200, 404, 409, 503);
        if (answer.statusCode() == 200) {
            skips.add(Left.out(of, parked));
        }
    }

    private static void requireOneOf(HttpResponse<String> answer, Integer... statuses) {
        if (!List.of(statuses).contains(answer.statusCode())) {
            throw Replicas.unexpected(answer);
        }
    }

    String tally() {
        return "%d retries, %d skips".formatted(retries.sum(), skips.size());
    }

    /** Waits until all is handled or parked, and nothing is to be tried; then compares. */
    void judge() {
        long head = replicas.head();
        await().atMost(PATIENCE).until(() -> isSettled(VIEW, head) && isSettled(PUBLICATION, head));
        List<Logged> log = replicas.all("/v1/events?limit=1000", "events", Logged::of);
        Left publication = Left.of(replicas, PUBLICATION);
        Left view = Left.of(replicas, VIEW);
        System.err.printf("%d events; publication: %s; view: %s%n", log.size(), publication, view);
        Set<String> acknowledged = new HashSet<>(skips);
        acknowledged.removeAll(publication.skipped(PUBLICATION));
        acknowledged.removeAll(view.skipped(VIEW));
        assertEquals(Set.of(), acknowledged, "skips that were acknowledged and are not listed");
        judgePublication(log, publication);
        judgeView(log, view);
        skipAll(PUBLICATION);
        skipAll(VIEW);
        judgePublication(log, Left.of(replicas, PUBLICATION));
        judgeView(log, Left.of(replicas, VIEW));
    }

    /** Until nothing is parked any more: then all is there but what was skipped. */
    private void skipAll(String of) {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            List<JsonNode> parked =
                                    replicas.all(of + "/parked?limit=1000", "parked", each -> each);
                            for (JsonNode each : parked) {
                                if (!each.get("retrying").asBoolean()) {
                                    skip(replicas.turns().replica(), of, each);
                                }
                            }
                            return parked.isEmpty();
                        });
    }

    private boolean isSettled(String of, long head) {
        JsonNode status = Replicas.body(replicas.get(of));
        return status.get("position").asLong() >= head
                && replicas.all(of + "/parked?limit=1000", "parked", each -> each).stream()
                        .noneMatch(each -> each.get("retrying").asBoolean());
    }

    /** Per key, the positions in the order of the log, and those of the topic. */
    private void judgePublication(List<Logged> log, Left left) {
        Map<String, List<Long>> wanted = new TreeMap<>();
        for (Logged event : log) {
            if (left.handled(event.stream(), event.position())) {
                wanted.computeIfAbsent(event.stream(), _ -> new ArrayList<>())
                        .add(event.position());
            }
        }
        // All is settled, so what is committed is all that will be.
        topic.readUntil(() -> !sent.isEmpty(), this::add);
        topic.readToEnd(this::add);
        requireSame(wanted, sent, left);
        left.requireWaiting(key -> log.stream().filter(event -> event.stream().equals(key)));
    }

    /** Says what is missing and what is too much, and nothing of what is right. */
    private static void requireSame(
            Map<String, List<Long>> wanted, Map<String, List<Long>> found, Left left) {
        wanted.forEach(
                (key, positions) -> {
                    List<Long> read = found.getOrDefault(key, List.of());
                    List<Long> missing = new ArrayList<>(positions);
                    missing.removeAll(read);
                    List<Long> added = new ArrayList<>(read);
                    added.removeAll(positions);
                    assertEquals(
                            List.of(List.of(), List.of()),
                            List.of(missing, added),
                            () ->
                                    "%s, parked at %s, skipped %s"
                                            .formatted(
                                                    key,
                                                    left.parked().get(key),
                                                    left.skipped().get(key)));
                });
        assertEquals(wanted, found);
    }

    private void add(ConsumerRecord<String, byte[]> message) {
        long position = Long.parseLong(EventsTopic.headers(message).get("ce_position"));
        sent.computeIfAbsent(message.key(), _ -> new ArrayList<>()).add(position);
    }

    private void judgeView(List<Logged> log, Left left) {
        Map<String, Fold> wanted = new TreeMap<>();
        for (Logged event : log) {
            for (String key : event.keys()) {
                if (left.handled(key, event.position())) {
                    wanted.computeIfAbsent(key, _ -> new Fold()).add(event.number());
                }
            }
        }
        Map<String, String> found =
                replicas.all(VIEW + "/entries?limit=1000", "entries", each -> each).stream()
                        .collect(
                                toMap(
                                        each -> each.get("key").asText(),
                                        each -> each.get("value").toString()));
        Map<String, String> texts = new TreeMap<>();
        wanted.forEach((key, fold) -> texts.put(key, fold.text()));
        assertEquals(texts, new TreeMap<>(found));
        left.requireWaiting(key -> log.stream().filter(event -> event.keys().contains(key)));
        verify();
    }

    private void verify() {
        HttpResponse<String> started =
                replicas.ask(VIEW + "/verify", request -> request.POST(BodyPublishers.noBody()));
        String job = "/v1/jobs/" + Replicas.body(started).get("id").asText();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                !Replicas.body(replicas.get(job))
                                        .get("state")
                                        .asText()
                                        .equals("running"));
        JsonNode done = Replicas.body(replicas.get(job));
        assertEquals("done", done.get("state").asText(), done.toString());
        assertEquals(0, done.get("differentKeys").asInt(), done.toString());
        assertTrue(done.get("checked").asInt() > 0, done.toString());
    }

    @Override
    public void close() {
        topic.close();
        admin.close();
    }

    /** An event as it is in the log. */
    private record Logged(long position, String stream, JsonNode data) {

        static Logged of(JsonNode event) {
            return new Logged(
                    event.get("position").asLong(),
                    event.get("stream").asText(),
                    event.get("data"));
        }

        /** Of its entries; an event that has none counts for its stream. */
        List<String> keys() {
            return data.has("other")
                    ? List.of(stream, data.get("other").asText())
                    : List.of(stream);
        }

        int number() {
            return data.get("n").asInt();
        }
    }

    /** What an entry must be. */
    private static final class Fold {
        private final List<Integer> numbers = new ArrayList<>();

        void add(int number) {
            numbers.add(number);
        }

        String text() {
            List<Integer> last = numbers.subList(Math.max(0, numbers.size() - 5), numbers.size());
            return "{\"count\":%d,\"numbers\":%s}"
                    .formatted(numbers.size(), last.toString().replace(" ", ""));
        }
    }

    /**
     * What is not handled, as the service says.
     *
     * @param parked the keys, with the event at which they stopped
     * @param waiting how many events wait behind it
     * @param skipped events by key
     */
    private record Left(
            Map<String, Long> parked, Map<String, Long> waiting, Map<String, Set<Long>> skipped) {

        static Left of(Replicas replicas, String of) {
            Map<String, Long> parked = new TreeMap<>();
            Map<String, Long> waiting = new TreeMap<>();
            Map<String, Set<Long>> skipped = new TreeMap<>();
            for (JsonNode each : replicas.all(of + "/parked?limit=1000", "parked", each -> each)) {
                parked.put(each.get("key").asText(), each.get("position").asLong());
                waiting.put(each.get("key").asText(), each.get("waiting").asLong());
            }
            for (JsonNode each :
                    replicas.all(of + "/skipped?limit=1000", "skipped", each -> each)) {
                assertTrue(
                        skipped.computeIfAbsent(each.get("key").asText(), _ -> new HashSet<>())
                                .add(each.get("position").asLong()),
                        () -> "skipped twice: " + each);
            }
            assertEquals(parked.size(), Replicas.body(replicas.get(of)).get("parkedKeys").asInt());
            return new Left(parked, waiting, skipped);
        }

        static String out(String of, JsonNode parked) {
            return out(of, parked.get("key").asText(), parked.get("position").asLong());
        }

        private static String out(String of, String key, long position) {
            return "%s %s %d".formatted(of, key, position);
        }

        Set<String> skipped(String of) {
            Set<String> all = new HashSet<>();
            skipped.forEach(
                    (key, positions) -> positions.forEach(each -> all.add(out(of, key, each))));
            return all;
        }

        boolean handled(String key, long position) {
            return position < parked.getOrDefault(key, Long.MAX_VALUE)
                    && !skipped.getOrDefault(key, Set.of()).contains(position);
        }

        void requireWaiting(Function<String, Stream<Logged>> events) {
            Map<String, Long> wanted = new TreeMap<>();
            parked.forEach(
                    (key, position) ->
                            wanted.put(
                                    key,
                                    events.apply(key)
                                            .filter(event -> event.position() > position)
                                            .count()));
            assertEquals(wanted, waiting);
        }

        @Override
        public String toString() {
            return "%d keys parked, %d events wait, %d skipped"
                    .formatted(
                            parked.size(),
                            waiting.values().stream().mapToLong(Long::longValue).sum(),
                            skipped.values().stream().mapToLong(Set::size).sum());
        }
    }
}
