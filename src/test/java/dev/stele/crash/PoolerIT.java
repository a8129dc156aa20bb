package dev.stele.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stele.testing.PgBouncer;
import dev.stele.testing.PostgresProxy;
import dev.stele.testing.Service;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service as a whole behind a pooler of connections, which is started again meanwhile. */
class PoolerIT {

    private static final int REPLICAS = 2;
    private static final int WRITERS = 8;
    private static final int STREAMS = 100;
    private static final int PADDING = 100;

    /** By transaction: fewer than the service has connections. */
    private static final int SESSIONS = 5;

    /** The address is there first, and nobody behind it: the service waits. */
    private static final int NOWHERE = 1;

    private static final double HALF = 0.5;

    @ParameterizedTest
    @EnumSource(PgBouncer.Mode.class)
    void everything_holds_behind_a_pooler_that_is_started_again(
            PgBouncer.Mode mode, @TempDir Path folder) {
        assumeTrue(PgBouncer.program().isPresent(), "PgBouncer is not installed here");
        boolean prepared = mode == PgBouncer.Mode.SESSION;
        Map<String, String> settings =
                Map.of(
                        "STELE_DATABASE_PREPARED_STATEMENTS",
                        Boolean.toString(prepared),
                        "STELE_MIGRATE_AT_START",
                        "false");
        try (PostgresProxy address = PostgresProxy.before(PgBouncer.reactiveUrl(NOWHERE, mode));
                CrashSite site =
                        CrashSite.ledBy(address.reactiveUrl(), folder, REPLICAS, settings);
                PgBouncer pooler =
                        PgBouncer.before(site.postgres().reactiveUrl(), SESSIONS, folder)) {
            // As operators do: without the pooler.
            Service.migrate(
                    Service.settings(site.postgres().reactiveUrl(), site.bootstrapServers()));
            address.redirectTo(pooler.port());
            new Trial(
                            REPLICAS,
                            WRITERS,
                            Trial.LONG_TIMEOUT,
                            new Writers.Choices(STREAMS, random -> random.nextInt(PADDING)))
                    .run(
                            site,
                            (_, crowd, timeline, _) -> {
                                timeline.at(
                                        HALF * timeline.seconds(),
                                        "the pooler stopped",
                                        pooler::stop);
                                pooler.startAgain();
                                site.services()
                                        .forEach(each -> crowd.awaitProgress(each.address()));
                            });
        }
    }
}
