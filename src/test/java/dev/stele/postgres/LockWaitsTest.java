package dev.stele.postgres;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is waited for, as a role sees it that may see the statements of nobody else. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LockWaitsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LOCK = "select pg_advisory_xact_lock(5, 7)";

    @Inject Vertx vertx;

    private final String role = "humble_" + UUID.randomUUID().toString().replace("-", "");

    @BeforeEach
    void make_the_role() throws SQLException {
        execute("create role %s login".formatted(role));
    }

    @AfterEach
    void drop_the_role() throws SQLException {
        execute("drop role %s".formatted(role));
    }

    @Test
    void whoever_is_at_the_head_of_the_queue_is_named_and_what_it_does_is_hidden_from_some()
            throws SQLException {
        Pool humble = pool();
        try (Connection desk = connect()) {
            desk.setAutoCommit(false);
            try (var statement = desk.createStatement();
                    var pid = statement.executeQuery("select pg_backend_pid()")) {
                pid.next();
                int holder = pid.getInt(1);
                statement.execute(LOCK);
                // The second waits behind the first as well, which waits itself.
                var first = humble.query(LOCK).execute().subscribeAsCompletionStage();
                var second = humble.query(LOCK).execute().subscribeAsCompletionStage();

                List<LockWaits.Wait> waits =
                        await().atMost(PATIENCE)
                                .until(() -> waits(humble), found -> found.size() == 2);
                for (LockWaits.Wait wait : waits) {
                    assertEquals(LOCK, wait.statement());
                    assertNotNull(wait.since());
                    assertEquals(holder, wait.blocker().pid());
                    assertEquals("desk", wait.blocker().application());
                    assertEquals("postgres", wait.blocker().role());
                    assertNull(wait.blocker().activity());
                }

                execute("grant pg_monitor to %s".formatted(role));
                LockWaits.Activity seen =
                        await().atMost(PATIENCE)
                                .until(
                                        () -> waits(humble).getFirst().blocker().activity(),
                                        found -> found != null);
                assertEquals("idle in transaction", seen.state());
                assertEquals(LOCK, seen.query());

                desk.rollback();
                first.join();
                second.join();
            }
        } finally {
            humble.closeAndAwait();
        }
    }

    private static List<LockWaits.Wait> waits(Pool pool) {
        return new LockWaits(pool).longerThan(Duration.ofMillis(1)).await().atMost(PATIENCE);
    }

    private Pool pool() {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(3))
                .connectingTo(TestServers.postgres().reactiveUrl() + "?user=" + role)
                .using(vertx)
                .build();
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(
                TestServers.postgres().jdbcUrl() + "&ApplicationName=desk");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection desk = connect();
                var statement = desk.createStatement()) {
            statement.execute(sql);
        }
    }
}
