package dev.stele.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of the data of a running server, whole in itself, from which another one is started: what
 * {@code pg_basebackup} makes, which is not among the embedded programs.
 *
 * <p>It can be started once: from then on the data are the new server's.
 */
public final class BaseBackup {

    /**
     * The files change while they are copied, and some vanish: the write-ahead log mends all that.
     * It is copied last, and so has everything up to the end of the backup and a little more.
     */
    private static final String COPY_FILES =
            """
            set -e
            data=$1 copy=$2
            mkdir -m 700 "$copy"
            for file in "$data"/*; do
              case ${file##*/} in
                pg_wal | postmaster.* | postgresql.auto.conf | *.signal | backup_label*) ;;
                *) cp -a "$file" "$copy/" 2>/dev/null || [ -e "$copy/${file##*/}" ] ;;
              esac
            done
            mkdir -m 700 "$copy/pg_wal"
            """;

    private static final String COPY_LOG =
            """
            cp -a "$1/pg_wal/." "$2/pg_wal" 2>/dev/null || [ -e "$2/pg_wal/archive_status" ]
            """;

    private final Path folder;

    private BaseBackup(Path folder) {
        this.folder = folder;
    }

    /** Takes one into a folder that is not there yet. */
    public static BaseBackup take(PostgresServer server, Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Account.ofServers().own(absolute);
        Path copy = absolute.resolve("data");
        try (Connection database = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = database.createStatement()) {
            statement.execute("select pg_backup_start('base backup', fast => true)");
            run(COPY_FILES, server.data(), copy);
            try (ResultSet stopped =
                    statement.executeQuery(
                            "select labelfile from pg_backup_stop(wait_for_archive => false)")) {
                stopped.next();
                Files.writeString(copy.resolve("backup_label"), stopped.getString("labelfile"));
            }
            run(COPY_LOG, server.data(), copy);
        } catch (SQLException | IOException e) {
            throw new ServerFailedException("No base backup of " + server.data() + ": " + e, e);
        }
        return new BaseBackup(absolute);
    }

    /** Starts a server that is as the first one was at the end of the backup. */
    public PostgresServer restore() {
        return start("");
    }

    /** Starts a standby, which follows the server that the backup is of. */
    public PostgresServer follow(PostgresServer primary) {
        write("standby.signal", "");
        return start(
                "primary_conninfo = 'host=127.0.0.1 port=%d user=%s'%n"
                        .formatted(primary.port(), PostgresServer.USER));
    }

    private PostgresServer start(String settings) {
        write("postgresql.auto.conf", settings);
        return PostgresServer.start(folder, Ports.ANY);
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve("data").resolve(file), text);
        } catch (IOException e) {
            throw new ServerFailedException("The base backup cannot be prepared: " + e, e);
        }
    }

    private static void run(String script, Path data, Path copy) throws IOException {
        List<String> command = new ArrayList<>(Account.ofServers().prefix());
        command.addAll(List.of("sh", "-c", script, "backup", data.toString(), copy.toString()));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("the copy failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
