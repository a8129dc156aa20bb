package dev.stele.postgres;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stele.testing.PgBouncer;
import dev.stele.testing.TestServers;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pooler between the service and PostgreSQL that does not keep prepared statements. */
class PoolerTest {

    @Test
    void one_that_changes_sessions_between_transactions_is_told(@TempDir Path folder) {
        String problem = problem(folder, PgBouncer.Mode.TRANSACTION, true);

        assertTrue(problem.contains("max_prepared_statements"), problem);
    }

    @Test
    void one_that_leaves_a_client_its_session_is_no_problem(@TempDir Path folder) {
        assertEquals("", problem(folder, PgBouncer.Mode.SESSION, true));
    }

    @Test
    void one_that_changes_sessions_is_no_problem_where_nothing_is_prepared(@TempDir Path folder) {
        assertEquals("", problem(folder, PgBouncer.Mode.TRANSACTION, false));
    }

    private static String problem(Path folder, PgBouncer.Mode mode, boolean prepared) {
        assumeTrue(PgBouncer.program().isPresent(), "PgBouncer is not installed here");
        Vertx vertx = Vertx.vertx();
        try (PgBouncer bouncer =
                PgBouncer.before(TestServers.postgres().reactiveUrl(), 1, folder)) {
            await().until(bouncer::isReady);
            Pool pool =
                    PgBuilder.pool()
                            .with(new PoolOptions().setMaxSize(2))
                            .connectingTo(
                                    PgConnectOptions.fromUri(bouncer.reactiveUrl(mode))
                                            .setUser("postgres")
                                            .setCachePreparedStatements(prepared)
                                            .setUseLayer7Proxy(!prepared))
                            .using(vertx)
                            .build();
            return new Session(pool, prepared).problem().await().indefinitely();
        } finally {
            vertx.closeAndAwait();
        }
    }
}
