package dev.stele.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stele.servers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresProxyTest {

    private final PostgresProxy proxy = PostgresProxy.before(TestServers.postgres().reactiveUrl());

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void a_connection_passes() throws SQLException {
        try (Connection connection = connect()) {
            assertEquals(1, one(connection));
            assertEquals(1, proxy.open());
        }
        await().until(() -> proxy.open() == 0);
    }

    @Test
    void a_forgotten_connection_is_silent_and_the_next_one_works() throws SQLException {
        try (Connection forgotten = connect();
                Connection next = connectAfter(proxy::forget)) {
            forgotten.setNetworkTimeout(Runnable::run, 200);

            assertThrows(SQLException.class, () -> one(forgotten));
            assertEquals(1, one(next));
        }
    }

    @Test
    void a_cut_connection_ends_at_once() throws SQLException {
        try (Connection connection = connect()) {
            proxy.cut();

            assertThrows(SQLException.class, () -> one(connection));
        }
    }

    @Test
    void what_is_held_passes_in_the_end() throws SQLException {
        try (Connection connection = connect()) {
            proxy.hold();
            CompletableFuture<Integer> answer =
                    CompletableFuture.supplyAsync(() -> unchecked(connection));
            assertFalse(answer.isDone());

            proxy.pass();

            assertEquals(1, answer.join());
        }
    }

    @Test
    void a_connection_is_refused_until_it_may_pass() throws SQLException {
        proxy.refuse();
        assertThrows(SQLException.class, this::connect);

        proxy.pass();
        try (Connection connection = connect()) {
            assertEquals(1, one(connection));
        }
    }

    private Connection connectAfter(Runnable change) throws SQLException {
        change.run();
        return connect();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(proxy.jdbcUrl(PostgresServer.USER));
    }

    private static int unchecked(Connection connection) {
        try {
            return one(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int one(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select 1")) {
            row.next();
            return row.getInt(1);
        }
    }
}
