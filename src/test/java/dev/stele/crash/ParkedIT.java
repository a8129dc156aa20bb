package dev.stele.crash;

import dev.stele.testing.Service;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas are killed at random moments while events fail, and somebody has parked keys tried
 * again or events skipped. {@code -Dparked.seconds=} prolongs it.
 */
class ParkedIT {

    private static final int SECONDS = Integer.getInteger("parked.seconds", 20);
    private static final int REPLICAS = 2;
    private static final int WRITERS = 3;
    private static final int OPERATORS = 4;
    private static final double MOST_SECONDS_BETWEEN_KILLS = 3;
    private static final long MOST_NANOS_AWAY = 1_500_000_000;

    @Test
    void what_is_parked_retried_and_skipped_is_handled_once_and_in_order(@TempDir Path folder) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        try (CrashSite site = new CrashSite(folder, REPLICAS)) {
            site.awaitAll();
            try (ParkedRace race =
                    new ParkedRace(
                            site.bootstrapServers(), site.preferring(0, Trial.LONG_TIMEOUT))) {
                race.define();
                Timeline timeline = race(site, race, random);
                System.err.println("%s: %s".formatted(timeline, race.tally()));
                race.judge();
            }
            site.requireNoErrorLogged();
        }
    }

    private static Timeline race(CrashSite site, ParkedRace race, Random random) {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i < WRITERS; i++) {
                Random choices = new Random(random.nextLong());
                Replicas at = site.preferring(i % REPLICAS, Trial.LONG_TIMEOUT);
                crowd.start(() -> race.write(at, choices));
            }
            for (int i = 0; i < OPERATORS; i++) {
                Random choices = new Random(random.nextLong());
                crowd.start(
                        () -> {
                            Service asked = site.services().get(choices.nextInt(REPLICAS));
                            race.operate(asked.address(), choices);
                        });
            }
            Random choices = new Random(random.nextLong());
            crowd.start(() -> race.changeLimit(choices));
            Timeline timeline = new Timeline(SECONDS);
            while (!timeline.isOver()) {
                killOne(site, timeline, random);
            }
            return timeline;
        }
    }

    private static void killOne(CrashSite site, Timeline timeline, Random random) {
        int victim = random.nextInt(REPLICAS);
        timeline.at(
                timeline.now() + random.nextDouble(MOST_SECONDS_BETWEEN_KILLS),
                "replica %d killed".formatted(victim),
                site.services().get(victim)::kill);
        // Away for a while, so that the other may take over, and not always.
        LockSupport.parkNanos(random.nextLong(MOST_NANOS_AWAY));
        site.services().get(victim).startAgain();
    }
}
