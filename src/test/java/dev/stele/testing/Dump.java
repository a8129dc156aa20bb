package dev.stele.testing;

import dev.stele.servers.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A logical backup of a database on the servers that tests share, by PostgreSQL's own programs,
 * which must be of the server's version: where Debian puts them.
 */
public final class Dump {

    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");

    private final String database;
    private final Path file;

    private Dump(String database, Path file) {
        this.database = database;
        this.file = file;
    }

    /** Whether one can be taken here. */
    public static boolean isPossible() {
        return Files.isExecutable(program("pg_dump"));
    }

    /** What is there now. */
    public static Dump of(String database, Path folder) {
        Dump dump = new Dump(database, folder.resolve(database + ".dump"));
        dump.run("pg_dump", "-Fc", "-n", "stele", "-f", dump.file.toString());
        return dump;
    }

    /**
     * In place of what is there, in one transaction, as the documentation has it: nobody owns it.
     */
    public void restore() {
        run(
                "pg_restore",
                "--single-transaction",
                "--clean",
                "--if-exists",
                "--no-owner",
                "--no-privileges",
                file.toString());
    }

    private void run(String program, String... arguments) {
        File log = file.resolveSibling(program + ".log").toFile();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program(program).toString(),
                                "-h",
                                "127.0.0.1",
                                "-p",
                                Integer.toString(port()),
                                "-U",
                                PostgresServer.USER,
                                "-d",
                                database));
        command.addAll(List.of(arguments));
        try {
            int status =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log)
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException(program + ": " + Files.readString(log.toPath()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path program(String name) {
        return PROGRAMS.resolve(Integer.toString(version())).resolve("bin").resolve(name);
    }

    private static int port() {
        return URI.create(TestServers.postgres().reactiveUrl()).getPort();
    }

    private static int version() {
        try (Connection connection =
                DriverManager.getConnection(TestServers.postgres().jdbcUrl())) {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
