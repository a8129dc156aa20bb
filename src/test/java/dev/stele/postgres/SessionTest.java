package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.closeAndAwait();
    }

    @Test
    void a_session_as_it_should_be_has_no_problem() {
        assertEquals("", problem("postgres", "read committed"));
    }

    @Test
    void a_database_that_cannot_hold_every_text_is_refused_with_its_encoding() throws SQLException {
        execute("create database latin encoding 'LATIN1' locale 'C' template template0");
        try {
            String problem = problem("latin", "read committed");

            assertTrue(problem.contains("LATIN1"), problem);
            assertTrue(problem.contains("UTF8"), problem);
        } finally {
            execute("drop database latin with (force)");
        }
    }

    @Test
    void an_isolation_that_a_pooler_has_kept_is_told_with_what_to_do() {
        String problem = problem("postgres", "repeatable read");

        assertTrue(problem.contains("repeatable read"), problem);
        assertTrue(problem.contains("alter role \"postgres\" in database \"postgres\""), problem);
    }

    private String problem(String database, String isolation) {
        PgConnectOptions address =
                PgConnectOptions.fromUri(TestServers.postgres().reactiveUrl())
                        .setDatabase(database)
                        .setUser("postgres")
                        .setCachePreparedStatements(true)
                        .addProperty("default_transaction_isolation", isolation);
        Pool pool =
                PgBuilder.pool()
                        .with(new PoolOptions().setMaxSize(2))
                        .connectingTo(address)
                        .using(vertx)
                        .build();
        return new Session(pool, true).problem().await().indefinitely();
    }

    private static void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(TestServers.postgres().jdbcUrl("postgres"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
