package dev.stele.crash;

import dev.stele.servers.PostgresServer;
import dev.stele.testing.Service;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and the service crash under load, and come back. */
class CrashIT {

    private static final int WRITERS = 64;
    private static final int STREAMS = 1_000;
    private static final int MOST_PADDING = 100;

    @Test
    void nothing_that_was_acknowledged_is_lost_repeated_or_reordered(@TempDir Path folder) {
        new Trial(
                        1,
                        WRITERS,
                        Trial.LONG_TIMEOUT,
                        new Writers.Choices(STREAMS, random -> random.nextInt(MOST_PADDING)))
                .run(folder, CrashIT::breakAndMend);
    }

    private record Fault(String name, Runnable broken, Runnable mended) {}

    /** One fault after the other in any order, each at any moment of the first half of its part. */
    private static void breakAndMend(
            CrashSite site, Crowd crowd, Timeline timeline, Random random) {
        List<Fault> faults = faults(site.postgres(), site.services().getFirst());
        Collections.shuffle(faults, random);
        for (int i = 0; i < faults.size(); i++) {
            Fault fault = faults.get(i);
            double part = (i + random.nextDouble(0.5)) / faults.size();
            timeline.at(part * timeline.seconds(), fault.name(), fault.broken());
            fault.mended().run();
            crowd.awaitProgress(site.services().getFirst().address());
        }
    }

    private static List<Fault> faults(PostgresServer postgres, Service service) {
        return new ArrayList<>(
                List.of(
                        new Fault(
                                "PostgreSQL crashed",
                                postgres::stopImmediate,
                                postgres::startAgain),
                        new Fault("PostgreSQL stopped", postgres::stopFast, postgres::startAgain),
                        new Fault("service killed", service::kill, service::startAgain)));
    }
}
