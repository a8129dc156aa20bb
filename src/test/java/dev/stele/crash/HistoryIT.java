package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.history.History;
import dev.stele.history.HistoryCheck;
import dev.stele.history.Logged;
import dev.stele.history.Write;
import dev.stele.testing.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients write and read at two replicas while all kinds of things go wrong. */
class HistoryIT {

    private static final int SECONDS = Integer.getInteger("history.seconds", 10);
    private static final int REPLICAS = 2;
    private static final int CLIENTS = 16;

    /** Clients turn to the other replica while one is stopped. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** So many flaws are told: the first shows what is wrong, and all of them would fill pages. */
    private static final int MOST_FLAWS = 5;

    @Test
    void everything_that_clients_saw_can_have_happened_at_one_moment_each_in_the_order_of_the_log(
            @TempDir Path folder) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        History history = new History();
        try (CrashSite site = new CrashSite(folder, REPLICAS)) {
            Timeline timeline = makeHistory(site, history, random);
            System.err.println("%s: %s".formatted(timeline, history.tally()));
            List<Logged> log =
                    site.preferring(0, Trial.LONG_TIMEOUT)
                            .all("/v1/events?limit=1000", "events", WriteRequest::logged);
            requireNone(HistoryCheck.flaws(log, history.operations()), seed);
            site.requireNoErrorLogged();
        }
    }

    private static void requireNone(List<String> flaws, long seed) {
        assertTrue(
                flaws.isEmpty(),
                () ->
                        "%d flaws with seed %d, the first of them:%n%s"
                                .formatted(
                                        flaws.size(),
                                        seed,
                                        flaws.stream()
                                                .limit(MOST_FLAWS)
                                                .collect(Collectors.joining("\n"))));
    }

    private static Timeline makeHistory(CrashSite site, History history, Random random) {
        List<HistoryClient> clients = new ArrayList<>();
        AtomicReference<@Nullable Write> latest = new AtomicReference<>();
        Timeline timeline;
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(
                        new HistoryClient(
                                i,
                                site.preferring(i % REPLICAS, TIMEOUT),
                                history,
                                new Random(random.nextLong()),
                                latest,
                                crowd::acknowledgedBy));
            }
            clients.forEach(client -> crowd.start(client::step));
            for (Service service : site.services()) {
                crowd.awaitProgress(service.address());
            }
            timeline = new Timeline(SECONDS);
            new Disturbances(site, crowd, timeline, random).make();
            timeline.awaitEnd();
        }
        clients.forEach(HistoryClient::settle);
        return timeline;
    }
}
