package dev.stele.crash;

import dev.stele.testing.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A test from its beginning to its end: clients write, meanwhile there is trouble, and when it is
 * over everything is compared with everything.
 *
 * @param replicas of the service
 * @param writersPerReplica how many clients prefer each of them
 * @param timeout the longest that a client waits for one answer
 */
record Trial(int replicas, int writersPerReplica, Duration timeout, Writers.Choices choices) {

    /** Longer than the service itself waits for anything. */
    static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);

    private static final int SECONDS = Integer.getInteger("crash.seconds", 10);

    /** What happens while clients write. */
    @FunctionalInterface
    interface Trouble {
        void make(CrashSite site, Crowd crowd, Timeline timeline, Random random);
    }

    void run(Path folder, Trouble trouble) {
        try (CrashSite site = new CrashSite(folder, replicas)) {
            run(site, trouble);
        }
    }

    /** On a site that is there. */
    void run(CrashSite site, Trouble trouble) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        Book book = new Book();
        Replicas reader = site.preferring(0, LONG_TIMEOUT);
        CrashView.put(reader);
        Timeline timeline = write(site, book, trouble, random);
        System.err.println("%s: %s".formatted(timeline, book.tally()));
        new Aftermath(book, reader, random).requireEverything(site.published());
        site.requireNoErrorLogged();
    }

    private Timeline write(CrashSite site, Book book, Trouble trouble, Random random) {
        try (Crowd crowd = new Crowd()) {
            Writers writers = new Writers(crowd, book, choices);
            for (int i = 0; i < replicas * writersPerReplica; i++) {
                writers.start(
                        site.preferring(i % replicas, timeout), new Random(random.nextLong()));
            }
            for (Service service : site.services()) {
                crowd.awaitProgress(service.address());
            }
            Timeline timeline = new Timeline(SECONDS);
            trouble.make(site, crowd, timeline, random);
            timeline.awaitEnd();
            return timeline;
        }
    }
}
