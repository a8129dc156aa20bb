package dev.stele.http;

import static dev.stele.testing.Api.append;
import static dev.stele.testing.Api.get;
import static dev.stele.testing.Api.request;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.http.FuzzedDefinitions.Sending;
import dev.stele.http.FuzzedDefinitions.SentEvent;
import dev.stele.json.Jackson;
import dev.stele.postgres.LateTimeouts;
import dev.stele.testing.EventsTopic;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Several clients send events, definitions, wishes of operators and requests that nobody should
 * send, all by chance and at once. Afterwards every view is its fold, every publication has sent
 * all but what is parked or skipped, once and in order, and nobody was ever answered 500.
 *
 * <p>{@code -Dseed=} repeats the choices, {@code -Dfuzz.seconds=} prolongs it.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class FuzzTest {

    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 12);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int SENDERS = 3;
    private static final int CATEGORIES = 3;
    private static final int STREAMS = 4;

    /** Of views, and of publications, at the same time. */
    private static final int MOST_DEFINITIONS = 6;

    private static final long SENDERS_PAUSE_NANOS = 15_000_000;
    private static final long DEFINERS_PAUSE_NANOS = 500_000_000;
    private static final long OPERATORS_PAUSE_NANOS = 100_000_000;
    private static final List<HostileRequest> HOSTILE = HostileRequest.all();
    private static final int ONE_IN_SO_MANY_IS_AT_A_LIMIT = 100;

    private final String prefix = "fuzz" + UUID.randomUUID().toString().substring(0, 8);

    private final Map<String, String> views = new ConcurrentHashMap<>();
    private final Map<String, Sending> publications = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Queue<String> flaws = new ConcurrentLinkedQueue<>();
    private final Handler errors = new Errors();
    private volatile boolean enough;

    /**
     * What the application calls an error in its log: a test before this one, without a database,
     * has left late timeouts that are kept out of it.
     */
    private final class Errors extends Handler {

        Errors() {
            setLevel(Level.SEVERE);
            setFilter(new LateTimeouts());
        }

        @Override
        public void publish(LogRecord logged) {
            if (isLoggable(logged)) {
                StringWriter trace = new StringWriter();
                if (logged.getThrown() != null) {
                    logged.getThrown().printStackTrace(new PrintWriter(trace, true));
                }
                flaws.add("logged: %s %s".formatted(logged.getMessage(), trace));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(errors);
    }

    @AfterEach
    void delete() {
        Logger.getLogger("").removeHandler(errors);
        views.keySet().forEach(view -> request().delete("/v1/views/" + view));
        publications.keySet().forEach(each -> request().delete("/v1/publications/" + each));
    }

    @Test
    void whatever_comes_views_are_folds_and_publications_send_all_once_and_in_order() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random choices = new Random(seed);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Random own = new Random(choices.nextLong());
            EdgeDocuments documents = new EdgeDocuments(own);
            clients.add(client(() -> send(own, documents)));
        }
        Random definers = new Random(choices.nextLong());
        FuzzedDefinitions definitions = new FuzzedDefinitions(definers);
        clients.add(client(() -> define(definers, definitions)));
        Random operators = new Random(choices.nextLong());
        clients.add(client(() -> operate(operators)));
        Random intruders = new Random(choices.nextLong());
        clients.add(client(() -> intrude(intruders)));
        CompletableFuture.runAsync(
                        () -> enough = true,
                        CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS))
                .join();
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
        long head = get("/v1/log").jsonPath().getLong("head");
        awaitAllCaughtUp(head);
        Map<String, List<SentEvent>> log = log();
        views.keySet().forEach(this::verify);
        publications.forEach((name, sending) -> requireSent(name, sending, log));
        System.err.printf("%s; %d events in the log%n", new TreeMap<>(counts), head);
        assertEquals(List.of(), List.copyOf(flaws));
    }

    private CompletableFuture<Void> client(Runnable work) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!enough) {
                        work.run();
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /** Whatever the answer is, it is none of a service that does not know what happened to it. */
    private Response looked(String what, Response answer) {
        counts.computeIfAbsent(what + " " + answer.statusCode(), _ -> new LongAdder()).increment();
        if (answer.statusCode() == 500 || answer.asString().contains("\tat ")) {
            flaws.add(
                    "%s was answered %d %s"
                            .formatted(what, answer.statusCode(), answer.asString()));
        }
        return answer;
    }

    private void send(Random choices, EdgeDocuments documents) {
        LockSupport.parkNanos(choices.nextLong(2 * SENDERS_PAUSE_NANOS));
        String stream = stream(choices.nextInt(CATEGORIES), choices.nextInt(STREAMS));
        String data =
                choices.nextInt(ONE_IN_SO_MANY_IS_AT_A_LIMIT) == 0
                        ? documents.next(choices.nextInt(8)).data()
                        : data(choices);
        String type = List.of("A", "A", "A", "B", "C").get(choices.nextInt(5));
        looked("append", append(stream, "{\"type\":\"%s\",\"data\":%s}".formatted(type, data)));
    }

    private static String data(Random choices) {
        List<String> some =
                List.of("null", "true", "1.50", "\"x\"", "\".\"", "\"\"", "{}", "[]", "{\"n\":1}");
        return choices.nextInt(3) == 0
                ? some.get(choices.nextInt(some.size()))
                : Integer.toString(choices.nextInt(100));
    }

    private void define(Random choices, FuzzedDefinitions definitions) {
        LockSupport.parkNanos(choices.nextLong(2 * DEFINERS_PAUSE_NANOS));
        String category = prefix + choices.nextInt(CATEGORIES);
        if (choices.nextBoolean()) {
            String view = one(views.keySet(), choices, "v");
            if (views.containsKey(view) && choices.nextInt(3) == 0) {
                views.remove(view);
                looked("delete view", request().delete("/v1/views/" + view));
                return;
            }
            String definition = definitions.view(category);
            Response answer = looked("define view", put("/v1/views/" + view, definition));
            if (answer.statusCode() < 300) {
                views.put(view, definition);
            }
            return;
        }
        String publication = one(publications.keySet(), choices, "p");
        if (publications.containsKey(publication)) {
            changePublication(publication, choices);
            return;
        }
        Sending sending = definitions.publication(category, topic(publication));
        Response answer =
                looked(
                        "define publication",
                        put("/v1/publications/" + publication, sending.definition()));
        if (answer.statusCode() == 201) {
            publications.put(publication, sending);
        }
    }

    private void changePublication(String publication, Random choices) {
        switch (choices.nextInt(3)) {
            case 0 -> {
                publications.remove(publication);
                looked("delete publication", request().delete("/v1/publications/" + publication));
            }
            case 1 -> pause(publication, "pause");
            default -> pause(publication, "resume");
        }
    }

    private void pause(String publication, String verb) {
        looked(verb, request().post("/v1/publications/%s/%s".formatted(publication, verb)));
    }

    private static Response put(String address, String definition) {
        return request().contentType("application/json").body(definition).put(address);
    }

    /** One that is there, or the name of a new one while there are not too many. */
    private String one(Set<String> all, Random choices, String kind) {
        List<String> known = List.copyOf(new TreeSet<>(all));
        return known.size() < MOST_DEFINITIONS && choices.nextBoolean()
                ? "%s%s%d".formatted(prefix, kind, choices.nextInt(1_000_000_000))
                : known.isEmpty() ? prefix + kind + "0" : known.get(choices.nextInt(known.size()));
    }

    private static String topic(String publication) {
        return publication;
    }

    private void operate(Random choices) {
        LockSupport.parkNanos(choices.nextLong(2 * OPERATORS_PAUSE_NANOS));
        boolean view = choices.nextBoolean();
        List<String> known = List.copyOf((view ? views : publications).keySet());
        if (known.isEmpty()) {
            return;
        }
        String name = known.get(choices.nextInt(known.size()));
        String of = (view ? "/v1/views/" : "/v1/publications/") + name;
        looked("status", get(of));
        Response list = looked("list parked", get(of + "/parked"));
        List<Map<String, Object>> parked =
                list.statusCode() == 200 ? list.path("parked") : List.of();
        if (parked.isEmpty()) {
            return;
        }
        Map<String, Object> one = parked.get(choices.nextInt(parked.size()));
        String key =
                of
                        + "/parked/"
                        + URLEncoder.encode(String.valueOf(one.get("key")), StandardCharsets.UTF_8)
                                .replace("+", "%20");
        switch (choices.nextInt(8)) {
            case 0 -> looked("retry all", request().post(of + "/parked/retry"));
            case 1, 2 -> looked("retry", request().post(key + "/retry"));
            default -> {
                String body =
                        "{\"position\": %s, \"reason\": \"chance\"}".formatted(one.get("position"));
                looked(
                        "skip",
                        request().contentType("application/json").body(body).post(key + "/skip"));
            }
        }
    }

    /** Gets what it deserves, whatever else happens. */
    private void intrude(Random choices) {
        LockSupport.parkNanos(choices.nextLong(2 * OPERATORS_PAUSE_NANOS));
        HostileRequest hostile = HOSTILE.get(choices.nextInt(HOSTILE.size()));
        try {
            List<Wire.Answer> answers = Wire.exchange(RestAssured.port, hostile);
            counts.computeIfAbsent("hostile", _ -> new LongAdder()).increment();
            if (!answers.stream().map(Wire.Answer::status).toList().equals(hostile.statuses())) {
                flaws.add(hostile.what() + " was answered " + answers);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody's lag grows: all come to the end, and nothing is about to be tried. */
    private void awaitAllCaughtUp(long head) {
        publications.keySet().forEach(each -> pause(each, "resume"));
        List<String> all = new ArrayList<>();
        views.keySet().forEach(each -> all.add("/v1/views/" + each));
        publications.keySet().forEach(each -> all.add("/v1/publications/" + each));
        for (String each : all) {
            try {
                await().atMost(PATIENCE).until(() -> isSettled(each, head));
            } catch (ConditionTimeoutException _) {
                flaws.add("not settled: " + get(each).asString());
            }
        }
    }

    private boolean isSettled(String of, long head) {
        JsonNode status = json(get(of));
        return status.path("position").asLong() >= head
                && !status.has("next")
                && parked(of).stream().noneMatch(each -> each.path("retrying").asBoolean());
    }

    private static List<JsonNode> parked(String of) {
        return all(of + "/parked?limit=1000", "parked");
    }

    private static List<JsonNode> all(String path, String member) {
        List<JsonNode> all = new ArrayList<>();
        for (String next = path; !next.isEmpty(); ) {
            JsonNode page = json(get(next));
            page.path(member).forEach(all::add);
            next = page.path("next").asText("");
        }
        return all;
    }

    private static JsonNode json(Response answer) {
        assertEquals(200, answer.statusCode(), answer.asString());
        return Jackson.tree(answer.asByteArray());
    }

    private String stream(int category, int stream) {
        return "%s%d-%d".formatted(prefix, category, stream);
    }

    private Map<String, List<SentEvent>> log() {
        Map<String, List<SentEvent>> log = new HashMap<>();
        for (int category = 0; category < CATEGORIES; category++) {
            List<SentEvent> events = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                String stream = stream(category, i);
                if (get("/v1/streams/" + stream).statusCode() == 200) {
                    all("/v1/streams/%s/events?limit=1000".formatted(stream), "events")
                            .forEach(each -> events.add(event(stream, each)));
                }
            }
            events.sort((a, b) -> Long.compare(a.position(), b.position()));
            log.put(prefix + category, events);
        }
        return log;
    }

    private static SentEvent event(String stream, JsonNode event) {
        return new SentEvent(
                event.path("position").asLong(),
                stream,
                event.path("type").asText(),
                event.path("data").isNumber());
    }

    private void verify(String view) {
        Response started = request().post("/v1/views/%s/verify".formatted(view));
        assertEquals(202, started.statusCode(), started.asString());
        String job = "/v1/jobs/" + started.path("id");
        await().atMost(PATIENCE).until(() -> !get(job).path("state").equals("running"));
        Response done = get(job);
        if (!done.path("state").equals("done") || !done.path("differentKeys").equals(0)) {
            flaws.add(
                    "%s: %s parked %s skipped %s"
                            .formatted(
                                    views.get(view),
                                    done.asString(),
                                    parked("/v1/views/" + view),
                                    all("/v1/views/" + view + "/skipped", "skipped")));
        }
    }

    /** Of each key, the positions of the messages are those of its events, in order. */
    private void requireSent(
            String publication, Sending sending, Map<String, List<SentEvent>> log) {
        String of = "/v1/publications/" + publication;
        Map<String, Long> parked = new HashMap<>();
        parked(of)
                .forEach(
                        each ->
                                parked.put(
                                        each.path("key").asText(), each.path("position").asLong()));
        Set<Long> skipped = new HashSet<>();
        all(of + "/skipped?limit=1000", "skipped")
                .forEach(each -> skipped.add(each.path("position").asLong()));
        String category = json(get(of)).at("/definition/source/categories/0").asText();
        assertTrue(log.containsKey(category), () -> get(of).asString());
        Map<String, List<Long>> wanted = new TreeMap<>();
        for (SentEvent event : log.get(category)) {
            String key = sending.key().key().of(event);
            if (isBefore(parked, key, event)
                    && isBefore(parked, event.stream(), event)
                    && !skipped.contains(event.position())) {
                for (int i = sending.value().messages().of(event); i > 0; i--) {
                    wanted.computeIfAbsent(key, _ -> new ArrayList<>()).add(event.position());
                }
            }
        }
        Map<String, List<Long>> found = sent(publication, wanted);
        if (!found.equals(wanted)) {
            flaws.add(
                    "%s sent %s and not %s; parked %s, skipped %s"
                            .formatted(sending.definition(), found, wanted, parked, skipped));
        }
        counts.computeIfAbsent("messages", _ -> new LongAdder())
                .add(found.values().stream().mapToLong(List::size).sum());
    }

    private static boolean isBefore(Map<String, Long> parked, String key, SentEvent event) {
        return event.position() < parked.getOrDefault(key, Long.MAX_VALUE);
    }

    private static Map<String, List<Long>> sent(
            String publication, Map<String, List<Long>> wanted) {
        int all = wanted.values().stream().mapToInt(List::size).sum();
        Map<String, List<Long>> found = new TreeMap<>();
        try {
            EventsTopic.recordsIn(topic(publication), all)
                    .forEach(
                            each ->
                                    found.computeIfAbsent(each.key(), _ -> new ArrayList<>())
                                            .add(
                                                    Long.parseLong(
                                                            EventsTopic.headers(each)
                                                                    .get("ce_position"))));
        } catch (AssertionError e) {
            throw new AssertionError(get("/v1/publications/" + publication).asString(), e);
        }
        return found;
    }
}
