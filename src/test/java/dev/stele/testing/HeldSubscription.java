package dev.stele.testing;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The row of a subscription, held by the test: whoever writes under its lease waits in the middle
 * of what it does, and whatever the test wishes to happen there happens. Let go of by closing it.
 */
public final class HeldSubscription implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(5);

    /** How the owner of a lease ends while its statement waits. */
    public enum End {
        /** The connection breaks, and the statement with it; the owner goes on. */
        STATEMENT_LOST,
        /** Another one has the lease when the statement gets its turn. */
        LEASE_LOST
    }

    private final String name;
    private final Connection connection;
    private final int backend;

    private HeldSubscription(String name) {
        this.name = name;
        try {
            this.connection = connect();
            connection.setAutoCommit(false);
            this.backend = Integer.parseInt(first(connection, "select pg_backend_pid()::text"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Holds the row from now on. */
    public static HeldSubscription hold(String name) {
        return new HeldSubscription(name).lock();
    }

    /** Holds the row as soon as those who wait for it by now have had it, and nobody before. */
    public CompletableFuture<HeldSubscription> next() {
        HeldSubscription next = new HeldSubscription(name);
        var held =
                CompletableFuture.supplyAsync(next::lock, task -> Thread.ofVirtual().start(task));
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () ->
                                ask(
                                                "select (wait_event_type = 'Lock')::text from"
                                                        + " pg_stat_activity where pid = ?::int",
                                                Integer.toString(next.backend))
                                        .equals("true"));
        return held;
    }

    private HeldSubscription lock() {
        try {
            first(
                    connection,
                    "select name from stele.subscriptions where name = ? for update",
                    name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Waits until somebody waits for the row with a statement that contains this. */
    public static void awaitWaiting(String part) {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> !waiting("min(pid::text)", part).equals("null"));
    }

    /** Ends whoever waits with a statement that contains this. */
    public void end(End how, String part) {
        switch (how) {
            case STATEMENT_LOST -> killWaiting(part);
            case LEASE_LOST -> takeLease();
        }
    }

    /** Ends the connections of those who wait with such a statement: it is not done. */
    private static void killWaiting(String part) {
        waiting("min(pg_terminate_backend(pid)::text)", part);
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> waiting("min(pid::text)", part).equals("null"));
    }

    /**
     * Others may be in the queue before it, as when leases are renewed, so that it waits for them.
     */
    private static String waiting(String what, String part) {
        return ask(
                "select coalesce(%s, 'null') from pg_stat_activity where wait_event_type = 'Lock' and strpos(query, ?) > 0"
                        .formatted(what),
                part);
    }

    /** Another owner has had the lease, and it is free again. */
    public void takeLease() {
        change("epoch = epoch + 1, owner = null, leased_until = clock_timestamp()");
    }

    /** Another owner has the lease, and keeps it until {@link #takeLease} ends that. */
    public void keepLease() {
        change(
                "epoch = epoch + 1, owner = 'elsewhere', leased_until = clock_timestamp() +"
                        + " interval '1 h'");
    }

    private void change(String what) {
        try {
            first(
                    connection,
                    "update stele.subscriptions set %s where name = ? returning name"
                            .formatted(what),
                    name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row of an answer, on a connection of its own. */
    public static String ask(String sql, String... parameters) {
        try (Connection other = connect()) {
            return first(other, sql, parameters);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(TestServers.postgres().jdbcUrl());
    }

    private static String first(Connection connection, String sql, String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }
    }

    @Override
    public void close() {
        try (connection) {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
