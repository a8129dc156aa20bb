package dev.stele.crash;

import static org.awaitility.Awaitility.await;

import dev.stele.servers.BaseBackup;
import dev.stele.servers.PostgresServer;
import dev.stele.testing.PostgresProxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as operators run it: a primary, a standby that follows it, backups, and one address
 * that leads to whichever is the primary.
 *
 * <p>Streaming replication is PostgreSQL's own. Whether a standby has all that was acknowledged is
 * made certain either way: by synchronous replication, or by letting it hear no more.
 */
final class Databases implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Enough for a standby that begins to follow; a base backup copies all of it. */
    private static final String KEEP_LOG = "alter system set wal_keep_size = '64MB'";

    private static final String RELOAD = "select pg_reload_conf()";

    /** As PostgreSQL refuses it when there is no space for the events left. */
    private static final String FILL_DISK =
            """
            create function public.no_space() returns trigger language plpgsql as $$
              begin
                raise exception using errcode = 'disk_full',
                  message = 'could not extend file "base/16384/16400": No space left on device',
                  hint = 'Check free disk space.';
              end $$;
            create trigger no_space before insert on stele.events
              for each statement execute function public.no_space();
            """;

    private final Path folder;
    private final PostgresProxy address;
    private PostgresServer primary;
    private @Nullable PostgresServer standby;
    private int made;

    /** Leads the address to the primary. */
    Databases(Path folder, PostgresProxy address, PostgresServer primary) {
        this.folder = folder;
        this.address = address;
        this.primary = primary;
        execute(primary, KEEP_LOG, RELOAD);
        address.redirectTo(primary.port());
    }

    /** What lies between the service and the primary. */
    PostgresProxy address() {
        return address;
    }

    PostgresServer primary() {
        return primary;
    }

    /** Makes a standby, which follows from now on. */
    void follow() {
        PostgresServer follower =
                BaseBackup.take(primary, folder.resolve("standby-" + ++made)).follow(primary);
        standby = follower;
        await("a standby that follows")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> ask("select state from pg_stat_replication").equals("streaming"));
    }

    /** From now on nothing is acknowledged that the standby does not have. */
    void keepInStep() {
        execute(primary, "alter system set synchronous_standby_names = '*'", RELOAD);
        await("a standby in step")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> ask("select sync_state from pg_stat_replication").equals("sync"));
    }

    /** The standby hears no more of the primary, whose commits do not wait for it. */
    void cutReplication() {
        execute(standby(), "alter system set primary_conninfo = ''", RELOAD);
        await("a standby that hears nothing")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () ->
                                ask(standby(), "select count(*) from pg_stat_wal_receiver")
                                        .equals("0"));
    }

    /**
     * The primary crashes, and the standby is promoted and takes its address.
     *
     * @param left is told the log's head as the standby has it, before anybody can append
     */
    void failOver(LongConsumer left) {
        PostgresServer former = primary;
        former.stopImmediate();
        PostgresServer promoted = standby();
        standby = null;
        execute(promoted, "select pg_promote()");
        lead(promoted, left);
        former.discard();
    }

    /** A copy to go back to. */
    BaseBackup backUp() {
        return BaseBackup.take(primary, folder.resolve("backup-" + ++made));
    }

    /**
     * The primary is gone, and a backup of it is started and takes its address.
     *
     * @param left is told the log's head as the backup has it, before anybody can append
     */
    void restore(BaseBackup backup, LongConsumer left) {
        PostgresServer former = primary;
        former.stopFast();
        lead(backup.restore(), left);
        former.discard();
    }

    private void lead(PostgresServer next, LongConsumer left) {
        execute(next, KEEP_LOG, RELOAD);
        primary = next;
        left.accept(head());
        address.redirectTo(next.port());
    }

    /** The log's head, whatever the service thinks of it. */
    long head() {
        return Long.parseLong(ask("select coalesce(max(position), 0) from stele.events"));
    }

    /** The address leads to the standby, which lets nobody write, until it leads back. */
    void leadToStandby() {
        address.redirectTo(standby().port());
        address.cut();
    }

    /** New connections reach the primary; those that were made before stay where they are. */
    void leadBack() {
        address.redirectTo(primary.port());
    }

    void discardStandby() {
        standby().discard();
        standby = null;
    }

    /** Every transaction that says nothing else is read-only, also in sessions that are open. */
    void refuseWrites() {
        execute(primary, "alter system set default_transaction_read_only = on", RELOAD);
    }

    void allowWrites() {
        execute(primary, "alter system reset default_transaction_read_only", RELOAD);
    }

    void fillDisk() {
        execute(primary, FILL_DISK);
    }

    void freeDisk() {
        execute(primary, "drop function public.no_space() cascade");
    }

    private PostgresServer standby() {
        return Objects.requireNonNull(standby, "there is no standby");
    }

    private String ask(String query) {
        return ask(primary, query);
    }

    /** The first column of the first row; empty when there is none. */
    private static String ask(PostgresServer server, String query) {
        try (Connection database = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            return found.next() ? found.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** One after the other, each in a transaction of its own. */
    private static void execute(PostgresServer server, String... statements) {
        try (Connection database = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = database.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    @Override
    public void close() {
        address.close();
        if (standby != null) {
            standby.discard();
        }
        primary.discard();
    }
}
