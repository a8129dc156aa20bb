package dev.stele.crash;

import dev.stele.servers.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Somebody at the database who does there what people do, and does not think of the service. */
final class Intruder {

    private final String address;
    private @Nullable Connection session;

    Intruder(String reactiveUrl) {
        this.address = "jdbc:%s?user=%s".formatted(reactiveUrl, PostgresServer.USER);
    }

    /** Ends connections, each or not as it falls. */
    void terminateConnections(Random random) {
        try (Connection database = DriverManager.getConnection(address);
                Statement all = database.createStatement();
                Statement one = database.createStatement();
                ResultSet found =
                        all.executeQuery(
                                "select pid from pg_stat_activity where datname ="
                                        + " current_database() and pid <> pg_backend_pid()")) {
            while (found.next()) {
                if (random.nextBoolean()) {
                    one.execute("select pg_terminate_backend(%d)".formatted(found.getInt(1)));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Begins a transaction, looks at the events, and leaves it open. */
    void openSnapshot() {
        begin("select count(*) from stele.events");
    }

    /** Begins a transaction that holds the lock under which all appends are decided. */
    void lockLog() {
        begin("select pg_advisory_xact_lock(1937009765, 'stele.events'::regclass::oid::int)");
    }

    private void begin(String statement) {
        try {
            Connection opened = DriverManager.getConnection(address);
            session = opened;
            opened.setAutoCommit(false);
            opened.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try (Statement first = opened.createStatement()) {
                first.execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends what is open. */
    void leave() {
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
