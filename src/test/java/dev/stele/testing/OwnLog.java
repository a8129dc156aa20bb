package dev.stele.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * A log for one test alone, which does to it what would harm others: a database, and topics, of its
 * own on the servers that tests share. It can be put back to what it was, under the running
 * service, as by a failover to a standby that lacks the newest transactions.
 */
public final class OwnLog implements QuarkusTestResourceLifecycleManager {

    private static final String PREFIX = "stele.topic.prefix";

    /** Parents first. */
    private static final List<String> TABLES =
            List.of(
                    "log",
                    "events",
                    "tags",
                    "subscriptions",
                    "views",
                    "view_entries",
                    "removed_views",
                    "publications",
                    "parked_keys",
                    "parked_events",
                    "skipped_events");

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>(TestServers.configuration());
        String name = "own_" + UUID.randomUUID().toString().replace('-', '_');
        try (Connection connection = DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        settings.computeIfPresent(
                "quarkus.datasource.reactive.url", (_, url) -> url.replaceFirst("[^/]+$", name));
        settings.put(PREFIX, name + ".");
        settings.put("stele.subscription.lease-round", "200ms");
        settings.put("stele.subscription.lease-duration", "2s");
        settings.put("stele.subscription.retry-max", "500ms");
        settings.put("stele.view.refresh", "200ms");
        return settings;
    }

    @Override
    public void stop() {}

    /** Keeps what is there, to be put back to. */
    public static void remember() {
        execute("drop schema if exists kept cascade");
        execute("create schema kept");
        TABLES.forEach(
                table -> execute("create table kept.%s as table stele.%s".formatted(table, table)));
    }

    /** In one moment, everything is as it was; also the generation, and the epochs of leases. */
    public static void putBack() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set session_replication_role = replica");
            for (String table : TABLES) {
                statement.execute("lock table stele." + table);
            }
            for (String table : TABLES) {
                statement.execute("delete from stele." + table);
                statement.execute(
                        "insert into stele.%s overriding system value table kept.%s"
                                .formatted(table, table));
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A backup of what is there. */
    public static Dump dump(Path folder) {
        return Dump.of(database(), folder);
    }

    /** Takes the newest events away, and nothing else. */
    public static void loseEventsBehind(long position) {
        execute(
                """
                set session_replication_role = replica;
                delete from stele.tags where position > %d;
                delete from stele.events where position > %d
                """
                        .formatted(position, position));
    }

    /** Does something in the database, as its superuser. */
    public static void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(TestServers.postgres().jdbcUrl(database()));
    }

    /** Of the application that runs now. */
    private static String database() {
        String url =
                ConfigProvider.getConfig()
                        .getValue("quarkus.datasource.reactive.url", String.class);
        return url.substring(url.lastIndexOf('/') + 1);
    }

    /** The full name of a topic of this log. */
    public static String topic(String name) {
        return ConfigProvider.getConfig().getValue(PREFIX, String.class) + name;
    }
}
