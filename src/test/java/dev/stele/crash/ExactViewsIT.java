package dev.stele.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hundreds of definitions, changes and deletions at two replicas, while events come and readers
 * read. {@code -Drounds=} prolongs it.
 */
class ExactViewsIT {

    private static final int ROUNDS = Integer.getInteger("rounds", 8);

    @Test
    void every_view_is_its_fold_whatever_is_defined_changed_and_deleted_beside_it(
            @TempDir Path folder) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.err.println("seed " + seed);
        try (CrashSite site = new CrashSite(folder, 2)) {
            site.awaitAll();
            new ViewRace(
                            List.of(
                                    site.preferring(0, Trial.LONG_TIMEOUT),
                                    site.preferring(1, Trial.LONG_TIMEOUT)),
                            new Random(seed))
                    .run(ROUNDS);
            site.requireNoErrorLogged();
        }
    }
}
