package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stele.servers.PostgresServer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The privileges of a service whose role owns nothing. */
class PrivilegesTest {

    private static final String GRANTED =
            """
            select c.relname || ' ' || a.privilege_type
              from pg_class c, aclexplode(c.relacl) a, pg_roles r
             where c.relnamespace = 'stele'::regnamespace and r.oid = a.grantee and r.rolname = 'service'
            union all
            select 'schema ' || a.privilege_type
              from pg_namespace n, aclexplode(n.nspacl) a, pg_roles r
             where n.nspname = 'stele' and r.oid = a.grantee and r.rolname = 'service'
             order by 1
            """;

    private final PostgresServer postgres;
    private final String jdbcUrl;

    PrivilegesTest(@TempDir Path folder) {
        this.postgres = PostgresServer.start(folder, 0);
        this.jdbcUrl = "jdbc:" + postgres.reactiveUrl() + "?user=" + PostgresServer.USER;
    }

    @BeforeEach
    void make_the_role() throws SQLException {
        execute("create role service login");
    }

    @AfterEach
    void stop() {
        postgres.close();
    }

    @Test
    void a_migration_that_finds_nothing_to_do_brings_back_whatever_was_granted()
            throws SQLException {
        migrate(false);
        List<String> byTheVersions = granted();
        migrate(true);
        assertEquals(byTheVersions, granted());

        execute("revoke all on all tables in schema stele from service");
        execute("revoke all on all functions in schema stele from service, public");
        execute("revoke all on schema stele from service");
        assertNotEquals(byTheVersions, granted());
        migrate(true);

        assertEquals(byTheVersions, granted());
        assertEquals(
                List.of(),
                rows(
                        "select proname from pg_proc where pronamespace = 'stele'::regnamespace"
                                + " and not has_function_privilege('service', oid, 'execute')"));
    }

    @Test
    void a_migration_gives_the_role_the_isolation_that_its_statements_need() throws SQLException {
        execute("alter database stele set default_transaction_isolation = 'serializable'");
        migrate(true);

        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:" + postgres.reactiveUrl() + "?user=service");
                var statement = connection.createStatement();
                var row = statement.executeQuery("show transaction_isolation")) {
            row.next();
            assertEquals("read committed", row.getString(1));
        }
    }

    private void migrate(boolean withWhatComesAfter) {
        Flyway.configure()
                .dataSource(jdbcUrl, PostgresServer.USER, PostgresServer.PASSWORD)
                .schemas("stele")
                .defaultSchema("stele")
                .createSchemas(true)
                .skipDefaultCallbacks(!withWhatComesAfter)
                .placeholders(Map.of("service_role", "service"))
                .load()
                .migrate();
    }

    private List<String> granted() throws SQLException {
        return rows(GRANTED);
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> all = new ArrayList<>();
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.add(rows.getString(1));
            }
        }
        return all;
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
