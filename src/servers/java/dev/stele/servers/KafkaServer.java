package dev.stele.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A single Kafka broker of our own, in its own JVM: its class path, its heap and its threads stay
 * apart from the tests', and it can be killed.
 *
 * <p>Once chosen, the port stays the same when the broker is started again. Topics are never made
 * by themselves.
 */
public final class KafkaServer implements AutoCloseable {

    /** Where the build writes the class path of the tests; relative to the project by default. */
    static final String CLASS_PATH_PROPERTY = "stele.servers.classpath";

    private final Path folder;
    private final int port;
    private Leash leash;

    private KafkaServer(Path folder, int port, Leash leash) {
        this.folder = folder;
        this.port = port;
        this.leash = leash;
    }

    /** Starts a broker whose data lies in {@code folder}; port 0 means any. */
    public static KafkaServer start(Path folder, int preferredPort) {
        Path absolute = folder.toAbsolutePath().normalize();
        return Ports.startOnFreePort(
                preferredPort, port -> new KafkaServer(absolute, port, launch(absolute, port)));
    }

    /** Starts the stopped broker again, on the same port. */
    public void startAgain() {
        leash = launch(folder, port);
    }

    /** Stops in order: the next start need not recover anything. */
    public void stop() {
        leash.stop(Leash.Signal.TERM);
    }

    /** Kills the broker, as in a crash. */
    public void kill() {
        leash.stop(Leash.Signal.KILL);
    }

    @Override
    public void close() {
        stop();
    }

    public int port() {
        return port;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Completes when the broker ends, with what to say if nobody asked it to. */
    CompletableFuture<ServerFailedException> ended() {
        return leash.ended();
    }

    private static Leash launch(Path folder, int port) {
        Path ready = folder.resolve(KafkaBroker.READY_FILE);
        String controllerPort = Integer.toString(Ports.free());
        var child =
                new Leash.Child(
                        "Kafka",
                        folder,
                        Leash.Signal.TERM,
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + writeArguments(folder),
                                KafkaBroker.class.getName(),
                                folder.toString(),
                                Integer.toString(port),
                                controllerPort));
        return Leash.start(child, Leash.PATIENCE, leash -> isReady(leash, ready));
    }

    /** The broker writes its process id when it is up; a file left by a crash names another. */
    private static boolean isReady(Leash leash, Path ready) {
        try {
            String pid = Files.readString(ready);
            return !pid.isEmpty() && leash.holds(Long.parseLong(pid));
        } catch (IOException notYetThere) {
            return false;
        }
    }

    /** The arguments of the broker's JVM, in a file: the class path is some 30,000 characters. */
    private static Path writeArguments(Path folder) {
        Path classPathFile =
                Path.of(System.getProperty(CLASS_PATH_PROPERTY, "target/servers.classpath"))
                        .toAbsolutePath();
        Path classes = classPathFile.resolveSibling("test-classes");
        try {
            String classPath = classes + File.pathSeparator + Files.readString(classPathFile);
            Files.createDirectories(folder);
            return Files.writeString(
                    folder.resolve("jvm.arguments"),
                    """
                    -Xmx256m
                    -XX:+UseSerialGC
                    -XX:TieredStopAtLevel=1
                    --enable-native-access=ALL-UNNAMED
                    --sun-misc-unsafe-memory-access=allow
                    -Djava.util.logging.manager=org.jboss.logmanager.LogManager
                    -cp "%s"
                    """
                            .formatted(classPath.strip().replace("\\", "\\\\")));
        } catch (IOException e) {
            throw new ServerFailedException(
                    ("Kafka needs the class path that the build writes to %s"
                                    + " (run ./mvnw test-compile): %s")
                            .formatted(classPathFile, e.getMessage()),
                    e);
        }
    }
}
