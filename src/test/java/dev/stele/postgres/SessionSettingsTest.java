package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What statements rely on is not left to the defaults of the role and the database. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class SessionSettingsTest {

    @Inject Connections connections;
    @Inject Flyway flyway;

    @BeforeEach
    void choose_other_defaults() throws SQLException {
        execute(
                "alter role postgres in database stele set default_transaction_isolation ="
                        + " 'repeatable read'");
        execute("alter role postgres in database stele set default_transaction_read_only = on");
        execute("alter role postgres in database stele set timezone = 'Asia/Kathmandu'");
        execute("alter role postgres in database stele set search_path = elsewhere");
    }

    @AfterEach
    void choose_those_of_the_migrations() throws SQLException {
        execute("alter role postgres in database stele reset all");
        flyway.migrate();
    }

    @ParameterizedTest
    @CsvSource({
        "transaction_isolation, read committed",
        "transaction_read_only, off",
        "timezone, UTC",
        "search_path, pg_catalog"
    })
    void the_service_sets(String setting, String value) {
        assertEquals(value, shown(setting));
    }

    @Test
    void more_durable_commits_than_necessary_are_left_to_the_database() throws SQLException {
        execute("alter role postgres in database stele set synchronous_commit = remote_apply");

        assertEquals("remote_apply", shown("synchronous_commit"));
    }

    @Test
    void a_migration_sets_the_isolation_for_those_who_come_through_a_pooler() throws SQLException {
        execute("alter role postgres in database stele reset all");

        flyway.migrate();

        try (var connection = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "select setconfig::text from pg_db_role_setting"
                                        + " where setrole = 'postgres'::regrole")) {
            assertTrue(row.next());
            assertEquals("{\"default_transaction_isolation=read committed\"}", row.getString(1));
        }
    }

    private String shown(String setting) {
        Pool fresh = connections.ofOne();
        try {
            return fresh.query("show " + setting).executeAndAwait().iterator().next().getString(0);
        } finally {
            fresh.closeAndAwait();
        }
    }

    private static void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(TestServers.postgres().jdbcUrl("postgres"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
