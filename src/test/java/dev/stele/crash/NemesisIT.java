package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.testing.PostgresProxy;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that databases, brokers and networks do, one thing after the other, to two replicas
 * that nobody starts again: {@code -Dnemesis.rounds=50} for more of it.
 */
class NemesisIT {

    private static final int ROUNDS = Integer.getInteger("nemesis.rounds", 4);
    private static final int REPLICAS = 2;
    private static final int WRITERS = 12;

    /** 300 a second, all together. */
    private static final Duration PACE = Duration.ofMillis(40);

    private static final String PUBLICATION = "nemesis";
    private static final String TOPIC = "nemesis.v1";
    private static final String DEFINITION =
            """
            {"source": {"categories": ["%s"]}, "topic": "%s", "key": ".stream", "value": ".data"}
            """
                    .formatted(Writers.CATEGORY, TOPIC);
    private static final List<String> TOPICS = List.of("stele.events", TOPIC);

    /** The view, the publication, and that of all events. */
    private static final int SUBSCRIPTIONS = 3;

    /** The proxy is there first, and nobody behind it: the service waits. */
    private static final String NOWHERE = "postgresql://127.0.0.1:1/stele";

    /** What the service says when it notices a loss. */
    private static final String PUT_BACK = "[dev.stele.log.Generation]";

    @Test
    void whatever_happens_nothing_is_lost_in_silence_and_all_is_back_by_itself(
            @TempDir Path folder) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        PostgresProxy address = PostgresProxy.before(NOWHERE);
        try (CrashSite site = CrashSite.ledBy(address.reactiveUrl(), folder, REPLICAS);
                Databases databases = new Databases(folder, address, site.postgres())) {
            site.awaitAll();
            define(site.preferring(0, Trial.LONG_TIMEOUT));
            Book book = new Book();
            Losses losses = new Losses();
            Recoveries recoveries = write(site, databases, book, losses, random);
            System.err.println(book.tally());
            System.err.println(recoveries);
            judge(site, book, losses, random);
        }
    }

    private static void define(Replicas replicas) {
        CrashView.put(replicas);
        Replicas.body(
                replicas.ask(
                        "/v1/publications/" + PUBLICATION,
                        request -> request.PUT(BodyPublishers.ofString(DEFINITION))));
    }

    private static Recoveries write(
            CrashSite site, Databases databases, Book book, Losses losses, Random random) {
        AtomicReference<Recovery> recovery = new AtomicReference<>(new Recovery());
        try (Crowd crowd = new Crowd()) {
            PacedWriters writers = new PacedWriters(crowd, book, PACE, recovery);
            for (int i = 0; i < WRITERS; i++) {
                writers.start(
                        site.preferring(i % REPLICAS, Trial.LONG_TIMEOUT),
                        new Random(random.nextLong()));
            }
            site.services().forEach(service -> crowd.awaitProgress(service.address()));
            Subscriptions subscriptions =
                    new Subscriptions(site.preferring(0, Trial.LONG_TIMEOUT), SUBSCRIPTIONS);
            return new Nemesis(site, crowd, databases, subscriptions, losses, recovery, random)
                    .run(ROUNDS);
        }
    }

    private static void judge(CrashSite site, Book book, Losses losses, Random random) {
        Replicas reader = site.preferring(0, Trial.LONG_TIMEOUT);
        Aftermath aftermath = new Aftermath(book, reader, random, losses);
        aftermath.requireTheLog();
        for (String name : TOPICS) {
            ForkedTopic topic = new ForkedTopic(site.bootstrapServers(), name, aftermath.log());
            topic.requireAgreement(aftermath.log());
            assertEquals(losses.forks(), topic.forks(), name);
        }
        aftermath.requireWhatIsMadeOfIt();
        site.requireNoErrorLogged(line -> line.contains(PUT_BACK));
    }
}
