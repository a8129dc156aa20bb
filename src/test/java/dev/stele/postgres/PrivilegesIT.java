package dev.stele.postgres;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.servers.PostgresServer;
import dev.stele.servers.Servers;
import dev.stele.testing.Service;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose role owns nothing, and loses what it was granted. */
class PrivilegesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EVENT = "{\"type\":\"Counted\"}";

    @Test
    void revoked_privileges_are_said_with_what_to_do_and_come_back_with_the_migrations(
            @TempDir Path folder) throws SQLException {
        try (Servers servers = Servers.startOnFreePorts(folder)) {
            PostgresServer postgres = servers.postgres();
            execute(
                    postgres,
                    "create role keeper login",
                    "create role service login",
                    "alter database stele owner to keeper");
            Map<String, String> settings =
                    new HashMap<>(
                            Service.settings(
                                    postgres.reactiveUrl(), servers.kafka().bootstrapServers()));
            settings.put("QUARKUS_DATASOURCE_USERNAME", "service");
            settings.put("STELE_MIGRATE_USERNAME", "keeper");
            try (Service service = Service.start(settings)) {
                awaitAppended(service);
                awaitReady(service);

                execute(
                        postgres,
                        "revoke all on all tables in schema stele from service",
                        "revoke all on all functions in schema stele from service, public");
                String refused = service.append("one", EVENT);
                assertTrue(refused.startsWith("503"), refused);
                assertTrue(refused.contains("run the migrations"), refused);
                await().atMost(PATIENCE).until(() -> service.readiness().startsWith("503"));

                Service.migrate(settings);
                awaitAppended(service);
                awaitReady(service);
            }
        }
    }

    private static void awaitReady(Service service) {
        await().atMost(PATIENCE).until(() -> service.readiness().startsWith("200"));
    }

    private static void awaitAppended(Service service) {
        await().atMost(PATIENCE).until(() -> service.append("one", EVENT).startsWith("201"));
    }

    private static void execute(PostgresServer postgres, String... all) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement()) {
            for (String sql : all) {
                statement.execute(sql);
            }
        }
    }
}
