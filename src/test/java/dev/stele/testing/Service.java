package dev.stele.testing;

import dev.stele.servers.Ports;
import dev.stele.servers.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * The built service as a process of its own, with the settings of a test and no others: the jar, or
 * the native executable where that was built. It listens on this machine only, and keeps its port
 * when it is started again.
 */
public final class Service implements AutoCloseable {

    private static final Path TARGET = Path.of("target");
    private static final Pattern SETTINGS = Pattern.compile("(QUARKUS|KAFKA|STELE|JAVA)_.*");
    private static final String HOST = "127.0.0.1";

    private final ProcessBuilder builder;
    private final URI address;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Process process;
    private Thread reader;
    private boolean suspended;

    private Service(ProcessBuilder builder, URI address) {
        this.builder = builder;
        this.address = address;
        this.process = launch(builder);
        this.reader = reader(process);
        // Whoever ends this JVM from outside ends it too, suspended or not.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /** The settings that must be there: for an embedded database, and for whatever broker. */
    public static Map<String, String> settings(String reactiveUrl, String bootstrapServers) {
        return Map.of(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                reactiveUrl,
                "QUARKUS_DATASOURCE_USERNAME",
                PostgresServer.USER,
                "QUARKUS_DATASOURCE_PASSWORD",
                PostgresServer.PASSWORD,
                "KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers);
    }

    /** Starts it on a free port. */
    public static Service start(Map<String, String> settings) {
        return start(settings, Ports.free());
    }

    public static Service start(Map<String, String> settings, int port, String... arguments) {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> SETTINGS.matcher(name).matches());
        builder.environment().put("QUARKUS_HTTP_HOST", HOST);
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().putAll(settings);
        return new Service(builder, URI.create("http://%s:%d".formatted(HOST, port)));
    }

    /** Brings the schema up to date and ends, as a Job before the service does. */
    public static void migrate(Map<String, String> settings) {
        try (Service migration = start(settings, Ports.free(), "migrate")) {
            int code = migration.exitCode();
            if (code != 0) {
                throw new IllegalStateException(code + ": " + migration.lines());
            }
        }
    }

    private static List<String> command() {
        String path = TARGET.resolve(artifact("path")).toString();
        return isJar()
                ? List.of(System.getProperty("java.home") + "/bin/java", "-jar", path)
                : List.of(path);
    }

    /** Whether the newest package is the jar; else it is the native executable. */
    public static boolean isJar() {
        return artifact("type").equals("jar");
    }

    /** What the newest package is, as the build has noted it: both kinds may lie side by side. */
    private static String artifact(String property) {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(TARGET.resolve("quarkus-artifact.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Objects.requireNonNull(properties.getProperty(property), property);
    }

    private static Process launch(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, without a path. */
    public URI address() {
        return address;
    }

    /** Ends it as a crash does, or {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
        suspended = false;
    }

    /** Asks it to end, and waits until it has, as a deployment does. */
    public void stop() {
        process.destroy();
        exitCode();
    }

    /** Starts it once more, after it has ended: with the same settings, on the same port. */
    public void startAgain() {
        process = launch(builder);
        reader = reader(process);
    }

    /** Stops it in the middle of whatever it does ({@code SIGSTOP}): it keeps all it holds. */
    public void suspend() {
        signal("STOP");
        suspended = true;
    }

    /** Lets it go on where it was stopped. */
    public void resume() {
        signal("CONT");
        suspended = false;
    }

    private void signal(String name) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException("The service did not get the signal " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Thread reader(Process started) {
        return Thread.ofVirtual().start(() -> read(started));
    }

    private void read(Process started) {
        try (BufferedReader output = started.inputReader()) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException _) {
            // It was ended while it wrote; what it said until then is there.
        }
    }

    /** What it has written so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits for its end; everything that it has written is in {@link #lines} then. */
    public int exitCode() {
        try {
            int code = process.waitFor();
            reader.join();
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return address.getPort();
    }

    /** Status and body of its readiness; empty while it does not listen. */
    public String readiness() {
        return answer(request("/q/health/ready"));
    }

    /** Appends an event; status and body of the answer. */
    public String append(String stream, String json) {
        return answer(
                request("/v1/streams/" + stream + "/events")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Puts a view; status and body of the answer. */
    public String putView(String view, String json) {
        return answer(
                request("/v1/views/" + view)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path));
    }

    private String answer(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException _) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Asks it to stop, and waits until it has; a suspended one could not hear it. */
    @Override
    public void close() {
        if (suspended) {
            resume();
        }
        stop();
        client.close();
    }
}
