package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The migration to entries in one table, of a database that has views. */
class ViewsMigrationTest {

    @Test
    void every_view_begins_anew_and_whoever_updates_one_loses_its_lease(@TempDir Path folder)
            throws SQLException {
        try (PostgresServer postgres = PostgresServer.start(folder, 0)) {
            String url = "jdbc:" + postgres.reactiveUrl() + "?user=" + PostgresServer.USER;
            migrate(url, "4");
            try (Connection database = DriverManager.getConnection(url)) {
                execute(
                        database,
                        """
                        insert into stele.views (name, version, live, definition, built_at)
                        values ('old', 7, true, '{}', now());
                        insert into stele.subscriptions (name, position, epoch, owner, leased_until)
                        values ('view/1', 77, 3, 'somebody', now() + interval '1 hour');
                        select stele.create_view_partition(1);
                        insert into stele.view_entries values (1, 77, now(), 'k', '1');
                        update stele.subscriptions set position = 78 where name = 'publication/events';
                        """);
            }
            migrate(url, "5");
            try (Connection database = DriverManager.getConnection(url)) {
                assertEquals(
                        "0|4|null|null",
                        one(
                                database,
                                "select concat_ws('|', position, epoch, coalesce(owner, 'null'),"
                                        + " coalesce(leased_until::text, 'null'))"
                                        + " from stele.subscriptions where name = 'view/1'"));
                assertEquals("7", one(database, "select version from stele.views"));
                assertTrue(
                        one(database, "select built_at is null from stele.views").startsWith("t"));
                assertEquals("0", one(database, "select count(*) from stele.view_entries"));
                assertEquals(
                        "78",
                        one(
                                database,
                                "select position from stele.subscriptions"
                                        + " where name = 'publication/events'"));
                assertEquals(
                        "0",
                        one(
                                database,
                                "select count(*) from pg_class where relname like 'view_entries_%'"
                                        + " and relkind = 'r'"));
            }
        }
    }

    /** Without what follows the newest migration: it speaks of tables that are not made yet. */
    private static void migrate(String url, String target) {
        Flyway.configure()
                .dataSource(url, PostgresServer.USER, PostgresServer.PASSWORD)
                .schemas("stele")
                .defaultSchema("stele")
                .createSchemas(true)
                .placeholders(Map.of("service_role", PostgresServer.USER))
                .target(target)
                .skipDefaultCallbacks(true)
                .load()
                .migrate();
    }

    private static void execute(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertTrue(rows.next());
            return String.valueOf(rows.getString(1));
        }
    }
}
