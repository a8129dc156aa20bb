package dev.stele.servers;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseBackupTest {

    @TempDir Path folder;

    @Test
    void a_server_started_from_it_is_as_the_first_one_was_then() throws Exception {
        try (PostgresServer server = start()) {
            BaseBackup backup = BaseBackup.take(server, folder.resolve("backup"));
            execute(server, "insert into kept values (2)");
            server.stopFast();

            try (PostgresServer restored = backup.restore()) {
                assertEquals("1", query(restored, "select sum(n) from kept"));
            }
        }
    }

    @Test
    void a_standby_follows_and_has_it_all_when_it_is_promoted() throws Exception {
        try (PostgresServer server = start();
                PostgresServer standby =
                        BaseBackup.take(server, folder.resolve("standby")).follow(server)) {
            execute(server, "insert into kept values (2)");
            await().until(() -> query(standby, "select sum(n) from kept").equals("3"));
            server.stopImmediate();
            execute(standby, "select pg_promote()");
            execute(standby, "insert into kept values (4)");

            assertEquals("7", query(standby, "select sum(n) from kept"));
        }
    }

    @Test
    void a_suspended_server_goes_on_where_it_was() throws Exception {
        try (PostgresServer server = start();
                Connection before = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = before.createStatement()) {
            server.suspend();
            server.resume();

            statement.execute("insert into kept values (2)");
            assertEquals("3", query(server, "select sum(n) from kept"));
        }
    }

    private PostgresServer start() throws SQLException {
        PostgresServer server = PostgresServer.start(folder.resolve("first"), Ports.ANY);
        execute(server, "create table kept (n int)");
        execute(server, "insert into kept values (1)");
        return server;
    }

    private static void execute(PostgresServer server, String statement) throws SQLException {
        try (Connection database = DriverManager.getConnection(server.jdbcUrl());
                Statement one = database.createStatement()) {
            one.execute(statement);
        }
    }

    private static String query(PostgresServer server, String query) throws SQLException {
        try (Connection database = DriverManager.getConnection(server.jdbcUrl());
                Statement one = database.createStatement();
                ResultSet found = one.executeQuery(query)) {
            found.next();
            return found.getString(1);
        }
    }
}
