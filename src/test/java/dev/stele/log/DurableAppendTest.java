package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.log.BatchWriter.Written;
import dev.stele.servers.PostgresServer;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged is on the disk, whatever somebody's defaults are. */
class DurableAppendTest {

    private static final int APPENDS = 20;
    private static final LogConfig CONFIG =
            new SmallRyeConfigBuilder()
                    .withMapping(LogConfig.class)
                    .withConverter(Duration.class, 1, new DurationConverter())
                    .build()
                    .getConfigMapping(LogConfig.class);

    private final Vertx vertx = Vertx.vertx();
    private final PostgresServer postgres;
    private final String jdbcUrl;

    DurableAppendTest(@TempDir Path folder) {
        this.postgres = PostgresServer.start(folder, 0);
        this.jdbcUrl = "jdbc:" + postgres.reactiveUrl() + "?user=" + PostgresServer.USER;
    }

    @BeforeEach
    void migrate() {
        Flyway.configure()
                .dataSource(jdbcUrl, PostgresServer.USER, PostgresServer.PASSWORD)
                .schemas("stele")
                .defaultSchema("stele")
                .createSchemas(true)
                .placeholders(Map.of("service_role", PostgresServer.USER))
                .load()
                .migrate();
    }

    @AfterEach
    void close() {
        vertx.closeAndAwait();
        postgres.close();
    }

    @Test
    void every_acknowledged_append_survives_a_crash_where_commits_do_not_wait_by_default()
            throws SQLException {
        // So seldom that nothing is written behind the appends' back.
        execute("alter system set wal_writer_delay = '10s'");
        execute("alter database stele set synchronous_commit = off");
        execute("select pg_reload_conf()");

        append();

        postgres.stopImmediate();
        postgres.startAgain();

        assertEquals(APPENDS, count());
    }

    private void append() {
        Pool pool =
                PgBuilder.pool()
                        .with(new PoolOptions().setMaxSize(2))
                        .connectingTo(
                                PgConnectOptions.fromUri(postgres.reactiveUrl())
                                        .setUser(PostgresServer.USER))
                        .using(vertx)
                        .build();
        Head head = new Head(pool, CONFIG, new Generation(pool, CONFIG));
        BatchWriter writer = new BatchWriter(pool, head, new RecentEvents(1, 1), CONFIG);
        for (int nth = 0; nth < APPENDS; nth++) {
            assertEquals(
                    Written.Answered.class,
                    writer.write(BatchWriterTest.one()).await().indefinitely().getClass());
        }
    }

    private int count() throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var rows =
                        connection
                                .createStatement()
                                .executeQuery("select count(*) from stele.events")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
