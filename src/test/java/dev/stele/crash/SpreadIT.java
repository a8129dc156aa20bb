package dev.stele.crash;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.testing.Service;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three replicas share twenty views and twenty publications, with the leases that everybody has
 * unless told otherwise, while clients write: replicas start, end in order, are killed, and return.
 * It prints how long each took.
 */
class SpreadIT {

    private static final int EACH = 20;
    private static final int REPLICAS = 3;
    private static final int WRITERS = 4;

    /** Two times of a lease are the contract; the rest is for JVMs that start on a busy machine. */
    private static final Duration LATEST = Duration.ofSeconds(2 * 10 + 20);

    private static final String NOBODY = "nobody";

    private final String prefix = "spread" + UUID.randomUUID().toString().substring(0, 6);
    private final Random random = new Random(Long.getLong("seed", new Random().nextLong()));

    @Test
    void subscriptions_spread_evenly_whoever_comes_and_goes(@TempDir Path folder) {
        try (CrashSite site = new CrashSite(folder, REPLICAS, CrashSite.SHORT_LIVED)) {
            site.awaitAll();
            define(site);
            awaitSpread(site, REPLICAS, "a start of all", System.nanoTime());
            try (Crowd crowd = new Crowd()) {
                for (int i = 0; i < WRITERS; i++) {
                    Replicas at = site.preferring(i, Trial.LONG_TIMEOUT);
                    Random choices = new Random(random.nextLong());
                    crowd.start(() -> append(at, choices.nextInt(EACH)));
                }
                for (Service service : site.services()) {
                    endInOrder(site, service);
                    comeBack(site, service);
                }
                kill(site, site.services().get(1));
                comeBack(site, site.services().get(1));
            }
            long head = reader(site).head();
            awaitTold(LATEST, () -> isHandled(site, head), site);
            site.requireNoErrorLogged();
        }
    }

    private void endInOrder(CrashSite site, Service service) {
        long begun = System.nanoTime();
        service.stop();
        System.err.printf("an end in order took %.2f s%n", secondsSince(begun));
        long ended = System.nanoTime();
        awaitTakenOver(site, "an end in order", ended);
        awaitSpread(site, REPLICAS - 1, "an end in order", ended);
    }

    private void kill(CrashSite site, Service service) {
        long begun = System.nanoTime();
        service.kill();
        awaitTakenOver(site, "kill -9", begun);
        awaitSpread(site, REPLICAS - 1, "kill -9", begun);
    }

    private void comeBack(CrashSite site, Service service) {
        service.startAgain();
        await().atMost(Trial.LONG_TIMEOUT).until(() -> service.readiness().startsWith("200"));
        awaitSpread(site, REPLICAS, "a return", System.nanoTime());
    }

    private void define(CrashSite site) {
        Replicas replicas = reader(site);
        for (int i = 0; i < EACH; i++) {
            String source = "\"source\": {\"categories\": [\"%s\"]}".formatted(category(i));
            put(
                    replicas,
                    "/v1/views/" + category(i),
                    "{%s, \"key\": \".stream\", \"initial\": 0, \"on\": {\"*\": \". + 1\"}}"
                            .formatted(source));
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

    private String category(int i) {
        return prefix + "n" + i;
    }

    private void append(Replicas at, int i) {
        String path = "/v1/streams/%s-1/events".formatted(category(i));
        String key = UUID.randomUUID().toString();
        Replicas.body(
                at.ask(
                        path,
                        request ->
                                request.header("Idempotency-Key", key)
                                        .POST(BodyPublishers.ofString("{\"type\":\"A\"}"))));
    }

    /** Everybody's events of after the moment are handled, by whoever it may be. */
    private void awaitTakenOver(CrashSite site, String after, long begun) {
        Replicas replicas = reader(site);
        for (int i = 0; i < EACH; i++) {
            append(replicas, i);
        }
        long head = replicas.head();
        awaitTold(LATEST, () -> isHandled(site, head), site);
        System.err.printf("taken over %.2f s after %s%n", secondsSince(begun), after);
    }

    private boolean isHandled(CrashSite site, long position) {
        return statuses(site).stream()
                .allMatch(status -> status.get("position").asLong() >= position);
    }

    private void awaitSpread(CrashSite site, int replicas, String after, long begun) {
        awaitTold(LATEST, () -> isSpread(owners(site), replicas), site);
        System.err.printf(
                "spread %s %.2f s after %s%n", owners(site).values(), secondsSince(begun), after);
    }

    private static boolean isSpread(Map<String, Long> owners, int replicas) {
        long all = owners.values().stream().mapToLong(Long::longValue).sum();
        return owners.size() == replicas
                && !owners.containsKey(NOBODY)
                && Collections.max(owners.values()) <= Math.ceilDiv(all, replicas) + 1;
    }

    private void awaitTold(Duration latest, BooleanSupplier condition, CrashSite site) {
        await().atMost(latest)
                .pollInterval(Duration.ofMillis(50))
                .conditionEvaluationListener(
                        tried -> {
                            if (tried.getRemainingTimeInMS() <= 0 && !tried.isSatisfied()) {
                                System.err.println(owners(site));
                                statuses(site).forEach(System.err::println);
                            }
                        })
                .until(condition::getAsBoolean);
    }

    private Map<String, Long> owners(CrashSite site) {
        return statuses(site).stream()
                .collect(
                        Collectors.groupingBy(
                                status -> status.path("owner").asText(NOBODY),
                                TreeMap::new,
                                Collectors.counting()));
    }

    /** Of all views and publications, that of all events among them. */
    private static List<JsonNode> statuses(CrashSite site) {
        List<JsonNode> all = new ArrayList<>();
        for (String kind : List.of("views", "publications")) {
            Replicas.body(reader(site).get("/v1/" + kind)).get(kind).forEach(all::add);
        }
        return all;
    }

    private static Replicas reader(CrashSite site) {
        return site.preferring(0, Trial.LONG_TIMEOUT);
    }

    private static double secondsSince(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
