package dev.stele;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who starts the service with something missing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartUpIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String NOBODY_LISTENS = "127.0.0.1:1";
    private static final String BROKER_AWAY = "Kafka does not answer at " + NOBODY_LISTENS;
    private static final String SECRET = "correct-horse-battery-staple";

    private final Path folder;
    private final PostgresServer postgres;

    StartUpIT(@TempDir Path folder) {
        this.folder = folder;
        this.postgres = PostgresServer.start(folder, 0);
    }

    @AfterAll
    void stop() {
        postgres.close();
    }

    @Test
    void without_settings_it_ends_with_a_line_for_each() {
        try (Service service = Service.start(Map.of())) {
            assertNotEquals(0, service.exitCode());
            assertLinesBegin(
                    service,
                    "QUARKUS_DATASOURCE_REACTIVE_URL is not set",
                    "QUARKUS_DATASOURCE_USERNAME is not set",
                    "QUARKUS_DATASOURCE_PASSWORD is not set",
                    "KAFKA_BOOTSTRAP_SERVERS is not set");
        }
    }

    @Test
    void settings_that_cannot_be_understood_are_named_and_not_shown() {
        Map<String, String> settings =
                with(
                        "QUARKUS_DATASOURCE_REACTIVE_URL",
                        "jdbc:postgresql://me:" + SECRET + "@localhost/stele");
        settings.put("KAFKA_BOOTSTRAP_SERVERS", "kafka");
        settings.put("QUARKUS_HTTP_PORT", "http");
        try (Service service = Service.start(settings)) {
            assertNotEquals(0, service.exitCode());
            assertLinesBegin(
                    service,
                    "QUARKUS_DATASOURCE_REACTIVE_URL cannot be understood",
                    "KAFKA_BOOTSTRAP_SERVERS cannot be understood",
                    "QUARKUS_HTTP_PORT cannot be understood");
            assertSecretIsNotShown(service);
        }
    }

    @Test
    void limits_that_cannot_work_are_told_with_their_values() {
        Map<String, String> settings = with("STELE_LOG_QUEUE_MAX_APPENDS", "0");
        settings.put("STELE_SUBSCRIPTION_RETRY_MIN", "1m");
        settings.put("STELE_MIGRATE_PASSWORD", SECRET);
        try (Service service = Service.start(settings)) {
            assertNotEquals(0, service.exitCode());
            assertEquals(2, service.lines().size(), service.lines().toString());
            assertEquals(1, linesWith(service, "STELE_LOG_QUEUE_MAX_APPENDS is '0': ").size());
            assertEquals(1, linesWith(service, "STELE_SUBSCRIPTION_RETRY_MIN is 1m, ").size());
            assertSecretIsNotShown(service);
        }
    }

    @Test
    void a_port_that_is_taken_is_named() throws IOException {
        try (ServerSocket taken = new ServerSocket(0);
                Service service = Service.start(whole(), taken.getLocalPort())) {
            assertNotEquals(0, service.exitCode());
            assertEquals(1, linesWith(service, "QUARKUS_HTTP_PORT").size());
            assertNoStackTrace(service);
        }
    }

    @Test
    void a_database_that_is_away_delays_readiness_and_nothing_else() {
        postgres.stopFast();
        try (Service service = Service.start(whole())) {
            awaitReadiness(service, "503");
            assertTrue(service.readiness().contains("because"));
            assertEquals(1, linesWith(service, "cannot migrate the schema yet").size());

            postgres.startAgain();

            awaitReadiness(service, "200");
            assertNoStackTrace(service);
        }
    }

    @Test
    void a_database_that_does_not_exist_is_said_once() {
        Map<String, String> settings = with("QUARKUS_DATASOURCE_REACTIVE_URL", url("nowhere"));
        try (Service service = Service.start(settings)) {
            awaitReadiness(service, "503");

            assertTrue(service.isRunning());
            assertEquals(
                    1, linesWith(service, "cannot migrate the schema yet", "\"nowhere\"").size());
            assertNoStackTrace(service);
        }
    }

    @Test
    void a_wrong_password_is_said_once_and_not_shown() throws IOException {
        Path rules = folder.resolve("data/pg_hba.conf");
        String trust = Files.readString(rules);
        reloaded(rules, "host all all 127.0.0.1/32 scram-sha-256\n");
        try (Service service = Service.start(with("QUARKUS_DATASOURCE_PASSWORD", SECRET))) {
            awaitReadiness(service, "503");

            assertTrue(service.isRunning());
            assertEquals(1, linesWith(service, "cannot migrate the schema yet", "password").size());
            assertNoStackTrace(service);
            assertSecretIsNotShown(service);
        } finally {
            reloaded(rules, trust);
        }
    }

    @Test
    void a_broker_that_is_away_is_said_once_and_the_service_is_ready() {
        try (Service service = Service.start(whole())) {
            awaitReadiness(service, "200");
            service.append("broker-away", "{\"type\":\"Published\"}");

            await().atMost(PATIENCE).until(() -> !notMoving(service).isEmpty());

            assertEquals(1, notMoving(service).size());
            assertNoStackTrace(service);
        }
    }

    private static List<String> notMoving(Service service) {
        return linesWith(service, "publication/events does not move", BROKER_AWAY);
    }

    @Test
    void the_migrations_may_use_another_role_and_the_service_s_own_can_change_no_event()
            throws SQLException {
        execute("stele", PostgresServer.USER, "create role owner login");
        execute("stele", PostgresServer.USER, "create role service login");
        execute("stele", PostgresServer.USER, "create database roles owner owner");
        Map<String, String> settings = with("QUARKUS_DATASOURCE_REACTIVE_URL", url("roles"));
        settings.put("QUARKUS_DATASOURCE_USERNAME", "service");
        settings.put("STELE_MIGRATE_USERNAME", "owner");
        settings.put("STELE_MIGRATE_PASSWORD", SECRET);
        try (Service service = Service.start(settings)) {
            awaitReadiness(service, "200");

            assertTrue(service.append("a-1", "{\"type\":\"A\"}").startsWith("201"));
            assertTrue(
                    service.putView("all", "{\"key\":\".stream\",\"on\":{\"*\":\"1\"}}")
                            .startsWith("201"));
        }
        for (String change :
                List.of(
                        "update stele.events set type = 'B'",
                        "delete from stele.events",
                        "truncate stele.events")) {
            assertThrows(SQLException.class, () -> execute("roles", "service", change));
            assertThrows(SQLException.class, () -> execute("roles", "owner", change));
        }
    }

    private void execute(String database, String user, String sql) throws SQLException {
        String address = "jdbc:%s?user=%s".formatted(url(database), user);
        try (var connection = DriverManager.getConnection(address);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String url(String database) {
        return postgres.reactiveUrl().replaceFirst("/[a-z]+$", "/" + database);
    }

    private Map<String, String> whole() {
        return Service.settings(postgres.reactiveUrl(), NOBODY_LISTENS);
    }

    private Map<String, String> with(String name, String value) {
        Map<String, String> settings = new HashMap<>(whole());
        settings.put(name, value);
        return settings;
    }

    private void reloaded(Path file, String text) throws IOException {
        postgres.stopFast();
        Files.writeString(file, text);
        postgres.startAgain();
    }

    private static void awaitReadiness(Service service, String status) {
        await().atMost(PATIENCE).until(() -> service.readiness().startsWith(status));
    }

    private static List<String> linesWith(Service service, String... parts) {
        return service.lines().stream()
                .filter(line -> List.of(parts).stream().allMatch(line::contains))
                .toList();
    }

    private static void assertLinesBegin(Service service, String... beginnings) {
        List<String> lines = service.lines();
        assertEquals(beginnings.length, lines.size(), lines.toString());
        for (int i = 0; i < beginnings.length; i++) {
            assertTrue(lines.get(i).startsWith(beginnings[i]), lines.get(i));
            assertTrue(lines.get(i).contains("Example: "), lines.get(i));
        }
    }

    private static void assertNoStackTrace(Service service) {
        assertEquals(List.of(), linesWith(service, "\tat "));
    }

    private static void assertSecretIsNotShown(Service service) {
        assertEquals(List.of(), linesWith(service, SECRET));
    }
}
