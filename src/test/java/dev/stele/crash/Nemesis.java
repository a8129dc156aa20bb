package dev.stele.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.crash.Faults.Fault;
import dev.stele.testing.Service;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rounds of trouble while clients append: one fault, and then everything must be back by itself
 * before the next. Only where the log was put back somebody has to say that publications go on.
 */
final class Nemesis {

    /** Of all faults those whose name holds it. */
    private static final Pattern WANTED = Pattern.compile(System.getProperty("nemesis.faults", ""));

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private final CrashSite site;
    private final Crowd crowd;
    private final Databases databases;
    private final Subscriptions subscriptions;
    private final Faults faults;
    private final AtomicReference<Recovery> recovery;
    private final Random random;
    private final Recoveries recoveries = new Recoveries();

    Nemesis(
            CrashSite site,
            Crowd crowd,
            Databases databases,
            Subscriptions subscriptions,
            Losses losses,
            AtomicReference<Recovery> recovery,
            Random random) {
        this.site = site;
        this.crowd = crowd;
        this.databases = databases;
        this.subscriptions = subscriptions;
        this.faults = new Faults(databases, site.kafka(), losses, this::awaitHandledMore, random);
        this.recovery = recovery;
        this.random = random;
    }

    /** Every kind once before any comes again; the first round loses events. */
    Recoveries run(int rounds) {
        List<Fault> deck = new ArrayList<>(shuffled());
        deck.stream()
                .filter(Fault::loses)
                .findFirst()
                .ifPresent(loss -> Collections.swap(deck, 0, deck.indexOf(loss)));
        for (int round = 1; round <= rounds; round++) {
            if (deck.isEmpty()) {
                deck.addAll(shuffled());
            }
            round(round, deck.removeFirst());
        }
        return recoveries;
    }

    private List<Fault> shuffled() {
        List<Fault> all =
                Stream.concat(faults.thatLose().stream(), faults.thatKeep().stream())
                        .filter(each -> WANTED.matcher(each.name()).find())
                        .collect(Collectors.toList());
        Collections.shuffle(all, random);
        return all;
    }

    private void round(int round, Fault fault) {
        System.err.printf("round %d: %s%n", round, fault.name());
        fault.prepared().run();
        long generation = generation(site.services().getFirst());
        Recovery times = new Recovery();
        recovery.set(times);
        fault.broken().run();
        fault.mended().run();
        double lasted = times.seconds();
        site.services().forEach(service -> crowd.awaitProgress(service.address()));
        long head = databases.head();
        if (fault.loses()) {
            awaitGeneration(generation + 1);
            subscriptions.continueUntilUp(head);
        } else {
            subscriptions.awaitUp(head);
        }
        recoveries.add(
                fault.name(),
                new Recoveries.Times(lasted, times.atOne(), times.atAll(), times.seconds()));
        awaitGeneration(fault.loses() ? generation + 1 : generation);
        fault.over().run();
    }

    private void awaitHandledMore() {
        long head = databases.head();
        site.services().forEach(service -> crowd.awaitProgress(service.address()));
        subscriptions.awaitUp(head + 1);
    }

    /** All replicas agree on it; it rises once, whoever notices first. */
    private void awaitGeneration(long expected) {
        for (Service service : site.services()) {
            await("generation %d at %s".formatted(expected, service.address()))
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> generation(service) >= expected);
            assertEquals(expected, generation(service));
        }
    }

    private long generation(Service service) {
        HttpResponse<String> answer = site.alone(service).get("/v1/log");
        return Replicas.body(answer).get("generation").asLong();
    }
}
