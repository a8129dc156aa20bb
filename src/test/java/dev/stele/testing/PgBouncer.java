package dev.stele.testing;

import dev.stele.servers.Ports;
import dev.stele.servers.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The pooler of this machine, where one is installed, between clients and a server. */
public final class PgBouncer implements AutoCloseable {

    /** For how long a client has a session; by transaction, there is one for all clients. */
    public enum Mode {
        TRANSACTION,
        SESSION
    }

    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

    private final ProcessBuilder builder;
    private final int port;
    private Process process;

    private PgBouncer(ProcessBuilder builder, int port) throws IOException {
        this.builder = builder;
        this.port = port;
        this.process = builder.start();
    }

    /** Where it is; empty when it is not installed. */
    public static Optional<Path> program() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }

    /**
     * Starts it before the server of that address.
     *
     * @param sessions that all clients share, by transaction
     */
    public static PgBouncer before(String reactiveUrl, int sessions, Path folder) {
        URI server = URI.create(reactiveUrl);
        int port = Ports.free();
        String target =
                "host=127.0.0.1 port=%d dbname=%s user=%s"
                        .formatted(
                                server.getPort(),
                                server.getPath().substring(1),
                                PostgresServer.USER);
        String settings =
                """
                [databases]
                transaction = %1$s pool_mode=transaction pool_size=%3$d
                session = %1$s pool_mode=session pool_size=50
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %2$d
                unix_socket_dir =
                auth_type = any
                ignore_startup_parameters = extra_float_digits, search_path, lock_timeout, statement_timeout, \
                idle_in_transaction_session_timeout, default_transaction_isolation, default_transaction_read_only
                """
                        .formatted(target, port, sessions);
        try {
            Path file = Files.writeString(folder.resolve("pgbouncer.ini"), settings);
            File log = folder.resolve("pgbouncer.log").toFile();
            return new PgBouncer(
                    new ProcessBuilder(command(file))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log)),
                    port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It does not run as the superuser of the machine. */
    private static List<String> command(Path file) {
        String program = program().orElseThrow().toString();
        return System.getProperty("user.name").equals("root")
                ? List.of(program, "-u", "nobody", file.toString())
                : List.of(program, file.toString());
    }

    public boolean isReady() {
        try (Socket _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public String reactiveUrl(Mode mode) {
        return reactiveUrl(port, mode);
    }

    /** Where one that listens on a port, or leads there, has the database of that mode. */
    public static String reactiveUrl(int port, Mode mode) {
        return "postgresql://127.0.0.1:%d/%s"
                .formatted(
                        port,
                        switch (mode) {
                            case TRANSACTION -> "transaction";
                            case SESSION -> "session";
                        });
    }

    /** Ends it at once, and with it all connections through it: asked, it may wait for clients. */
    public void stop() {
        process.destroyForcibly().onExit().join();
    }

    /** On the same port, after it was stopped. */
    public void startAgain() {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
