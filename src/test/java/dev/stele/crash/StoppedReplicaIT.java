package dev.stele.crash;

import dev.stele.testing.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two replicas is stopped in the middle of its work, and continues: again and again. */
class StoppedReplicaIT {

    private static final int WRITERS_PER_REPLICA = 8;
    private static final int STREAMS = 200;

    /** A batch of large events is written bit by bit, and the replica may be stopped in between. */
    private static final int LARGE = 900_000;

    private static final int SMALL = 100;
    private static final int ONE_IN_SO_MANY_IS_LARGE = 8;

    /** Clients turn to the other replica while one is still stopped. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final double MOST_SECONDS_UNTIL_STOPPED = 0.2;

    @Test
    void the_other_goes_on_alone_and_the_stopped_one_does_no_harm_when_it_continues(
            @TempDir Path folder) {
        new Trial(
                        2,
                        WRITERS_PER_REPLICA,
                        TIMEOUT,
                        new Writers.Choices(STREAMS, StoppedReplicaIT::padding))
                .run(folder, StoppedReplicaIT::stopAndContinue);
    }

    private static int padding(Random random) {
        return random.nextInt(random.nextInt(ONE_IN_SO_MANY_IS_LARGE) == 0 ? LARGE : SMALL);
    }

    /**
     * Each in turn. In two rounds of four it stays stopped until the other has all of its work: the
     * first of them leaves all leases with one replica, the second takes them from it.
     */
    private static void stopAndContinue(
            CrashSite site, Crowd crowd, Timeline timeline, Random random) {
        for (int round = 0; !timeline.isOver(); round++) {
            Service stopped = site.services().get(round % 2);
            Service other = site.services().get(1 - round % 2);
            timeline.at(
                    timeline.now() + random.nextDouble(MOST_SECONDS_UNTIL_STOPPED),
                    "replica %d stopped".formatted(round % 2),
                    stopped::suspend);
            crowd.awaitProgress(other.address());
            if (round % 4 < 2) {
                site.awaitAllDoneBy(other);
            }
            stopped.resume();
            crowd.awaitProgress(stopped.address());
        }
    }
}
