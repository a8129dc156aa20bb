package dev.stele;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.servers.PostgresServer;
import dev.stele.testing.Service;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The process that only migrates, as a Kubernetes Job runs it before the service. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrateIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SECRET = "correct-horse-battery-staple";

    private final Path folder;
    private final PostgresServer postgres;

    MigrateIT(@TempDir Path folder) {
        this.folder = folder;
        this.postgres = PostgresServer.start(folder, 0);
    }

    @BeforeAll
    void require_a_password_of_one_role() throws IOException, SQLException {
        execute("create role guarded login password 'another'");
        Path rules = folder.resolve("data/pg_hba.conf");
        String trust = Files.readString(rules);
        Files.writeString(rules, "host all guarded 127.0.0.1/32 scram-sha-256\n" + trust);
        execute("select pg_reload_conf()");
    }

    @AfterAll
    void stop() {
        postgres.close();
    }

    @Test
    void a_service_that_does_not_migrate_is_ready_once_the_schema_is() throws SQLException {
        Map<String, String> database = emptyDatabase("separate");
        Map<String, String> settings = new HashMap<>(database);
        settings.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        settings.put("STELE_MIGRATE_AT_START", "false");
        try (Service service = Service.start(settings)) {
            awaitReadiness(service, "503");

            assertEnds(0, "the schema is migrated from version 0 to \\d+", database);

            awaitReadiness(service, "200");
            assertTrue(service.append("a-1", "{\"type\":\"A\"}").startsWith("201"));
        }
        try (Service service = Service.start(settings)) {
            awaitReadiness(service, "200");
        }
    }

    @Test
    void a_repetition_changes_nothing() throws SQLException {
        Map<String, String> database = emptyDatabase("twice");
        assertEnds(0, "from version 0 to \\d+", database);

        assertEnds(0, "the schema is at version \\d+ already", database);
    }

    @Test
    void neither_a_free_port_nor_kafka_is_needed() throws IOException, SQLException {
        Map<String, String> database = emptyDatabase("alone");
        try (ServerSocket taken = new ServerSocket(0);
                Service migration = Service.start(database, taken.getLocalPort(), "migrate")) {
            assertEquals(0, migration.exitCode(), migration.lines().toString());
        }
    }

    @Test
    void settings_that_are_missing_are_told_with_a_line_for_each() {
        try (Service migration = migrate(Map.of())) {
            assertEquals(2, migration.exitCode());
            assertEquals(
                    List.of(
                            "QUARKUS_DATASOURCE_REACTIVE_URL",
                            "QUARKUS_DATASOURCE_USERNAME",
                            "QUARKUS_DATASOURCE_PASSWORD"),
                    migration.lines().stream().map(line -> line.split(" ", 2)[0]).toList());
        }
    }

    @Test
    void a_wrong_password_ends_it_and_is_not_shown() throws SQLException {
        Map<String, String> settings = emptyDatabase("closed");
        settings.put("STELE_MIGRATE_GIVE_UP_AFTER", "0s");
        settings.put("QUARKUS_DATASOURCE_USERNAME", "guarded");
        settings.put("QUARKUS_DATASOURCE_PASSWORD", SECRET);

        assertEnds(1, "the schema is not migrated: .*password", settings);
    }

    @Test
    void a_database_that_is_away_is_waited_for() throws SQLException {
        Map<String, String> database = emptyDatabase("away");
        postgres.stopFast();
        try (Service migration = migrate(database)) {
            await().atMost(PATIENCE)
                    .until(() -> !matching(migration, "cannot migrate the schema yet").isEmpty());

            postgres.startAgain();

            assertEquals(0, migration.exitCode(), migration.lines().toString());
        }
    }

    @Test
    void an_argument_that_is_mistyped_starts_nothing() throws SQLException {
        try (Service process = Service.start(emptyDatabase("typo"), 0, "migrat")) {
            assertEquals(2, process.exitCode());
            assertEquals(List.of("The only argument that there is: migrate"), process.lines());
        }
    }

    private static Service migrate(Map<String, String> settings) {
        return Service.start(settings, 0, "migrate");
    }

    /** It ends with this code, says so once, and shows neither a stack trace nor a password. */
    private static void assertEnds(int code, String line, Map<String, String> settings) {
        try (Service migration = migrate(settings)) {
            assertEquals(code, migration.exitCode(), migration.lines().toString());
            assertEquals(1, matching(migration, line).size(), migration.lines().toString());
            assertEquals(List.of(), matching(migration, "\tat |" + SECRET));
        }
    }

    private static void awaitReadiness(Service service, String status) {
        await().atMost(PATIENCE).until(() -> service.readiness().startsWith(status));
    }

    private static List<String> matching(Service process, String part) {
        Pattern pattern = Pattern.compile(part);
        return process.lines().stream().filter(line -> pattern.matcher(line).find()).toList();
    }

    /** The settings of a process that works on a database of this name. */
    private Map<String, String> emptyDatabase(String name) throws SQLException {
        execute("create database " + name);
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                "postgresql://127.0.0.1:%d/%s".formatted(postgres.port(), name));
        settings.put("QUARKUS_DATASOURCE_USERNAME", PostgresServer.USER);
        settings.put("QUARKUS_DATASOURCE_PASSWORD", PostgresServer.PASSWORD);
        return settings;
    }

    private void execute(String sql) throws SQLException {
        String address = "jdbc:%s?user=%s".formatted(postgres.reactiveUrl(), PostgresServer.USER);
        try (var connection = DriverManager.getConnection(address);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
