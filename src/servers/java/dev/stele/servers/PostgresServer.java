package dev.stele.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A PostgreSQL server of our own, with durable settings: {@code fsync} and {@code
 * synchronous_commit} are on, so what a test sees survive a crash would survive one in production.
 *
 * <p>The database {@value #DATABASE} exists from the first start on. Once chosen, the port stays
 * the same when the server is started again.
 */
public final class PostgresServer implements AutoCloseable {

    public static final String USER = "postgres";

    /** Any password is accepted from this machine; Quarkus wants one that is not empty. */
    public static final String PASSWORD = "postgres";

    private static final String DATABASE = "stele";

    private static final String PID_FILE = "postmaster.pid";

    /** Line of postmaster.pid (counted from 0) that says how far the start has come. */
    private static final int STATUS_LINE = 7;

    /**
     * The cluster is made under another name and renamed when it is whole. The locale C exists on
     * every machine and compares names byte by byte.
     */
    private static final String SCRIPT =
            """
            set -e
            bin=$1 data=$2 port=$3 database=$4
            if [ ! -d "$data" ]; then
              rm -rf "$data.new"
              "$bin/initdb" -D "$data.new" -U postgres -A trust -E UTF8 --locale=C
              echo "CREATE DATABASE $database" | "$bin/postgres" --single -D "$data.new" postgres
              mv "$data.new" "$data"
            fi
            exec "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
              -c unix_socket_directories= -c fsync=on -c synchronous_commit=on
            """;

    private final Path folder;
    private final int port;
    private Leash leash;

    private PostgresServer(Path folder, int port, Leash leash) {
        this.folder = folder;
        this.port = port;
        this.leash = leash;
    }

    /** Starts a server whose data lies in {@code folder}; port 0 means any. */
    public static PostgresServer start(Path folder, int preferredPort) {
        return start(folder, preferredPort, Leash.PATIENCE);
    }

    static PostgresServer start(Path folder, int preferredPort, Duration patience) {
        Path absolute = folder.toAbsolutePath().normalize();
        return Ports.startOnFreePort(
                preferredPort,
                port -> new PostgresServer(absolute, port, launch(absolute, port, patience)));
    }

    /** Starts the stopped server again, on the same port. */
    public void startAgain() {
        leash = launch(folder, port, Leash.PATIENCE);
    }

    /** Disconnects all clients, writes a checkpoint and stops. */
    public void stopFast() {
        leash.stop(Leash.Signal.INT);
    }

    /** Stops as in a crash: the next start has to recover from the write-ahead log. */
    public void stopImmediate() {
        leash.stop(Leash.Signal.QUIT);
    }

    /**
     * Stops it in the middle of whatever it does ({@code SIGSTOP}): connections stay, nobody
     * answers.
     */
    public void suspend() {
        ProcessHandle postmaster = postmaster();
        // The one that starts others first, so that none is missed.
        signal("STOP", postmaster);
        postmaster.descendants().forEach(each -> signal("STOP", each));
    }

    /** Lets it go on where it was stopped. */
    public void resume() {
        ProcessHandle postmaster = postmaster();
        postmaster.descendants().forEach(each -> signal("CONT", each));
        signal("CONT", postmaster);
    }

    private ProcessHandle postmaster() {
        try {
            String pid = Files.readAllLines(data().resolve(PID_FILE)).getFirst();
            return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        } catch (IOException e) {
            throw new ServerFailedException("PostgreSQL does not run in " + folder, e);
        }
    }

    /** One that has ended by itself needs none. */
    private static void signal(String name, ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new ServerFailedException("kill could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailedException("Interrupted while sending a signal", e);
        }
    }

    @Override
    public void close() {
        stopFast();
    }

    /** Stops it, if it runs, and deletes its data. */
    public void discard() {
        leash.stop(Leash.Signal.QUIT);
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new ServerFailedException("%s cannot be deleted: %s".formatted(folder, e), e);
        }
    }

    /** Where its data lies. */
    Path data() {
        return folder.resolve("data");
    }

    public int port() {
        return port;
    }

    public String reactiveUrl() {
        return "postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE);
    }

    /** Where JDBC finds the same database, as the superuser. */
    public String jdbcUrl() {
        return "jdbc:%s?user=%s".formatted(reactiveUrl(), USER);
    }

    /** Completes when the server ends, with what to say if nobody asked it to. */
    CompletableFuture<ServerFailedException> ended() {
        return leash.ended();
    }

    private static Leash launch(Path folder, int port, Duration patience) {
        Path data = folder.resolve("data");
        Account account = Account.ofServers();
        account.own(folder);
        List<String> command = new ArrayList<>(account.prefix());
        command.addAll(List.of("sh", "-c", SCRIPT, "postgres"));
        command.addAll(List.of(PostgresBinaries.folder().toString(), data.toString()));
        command.addAll(List.of(Integer.toString(port), DATABASE));
        var child = new Leash.Child("PostgreSQL", folder, Leash.Signal.INT, command);
        return Leash.start(child, patience, leash -> isReady(leash, data.resolve(PID_FILE)));
    }

    /**
     * The server writes its progress into postmaster.pid. A file left by a crash may say ready too,
     * so the process id in its first line must be the one on the leash.
     */
    private static boolean isReady(Leash leash, Path pidFile) {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return lines.size() > STATUS_LINE
                    && lines.get(STATUS_LINE).strip().equals("ready")
                    && leash.holds(Long.parseLong(lines.getFirst().strip()));
        } catch (IOException notYetThere) {
            return false;
        }
    }
}
