package dev.stele.servers;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The first half of {@code ./mvnw -Pdev}: starts, inside Maven's own JVM, the servers that the
 * environment does not name, and leaves their addresses in a file for {@code quarkus:dev}.
 *
 * <p>Since they hang on Maven's JVM, not on the one that {@code quarkus:dev} forks, neither a
 * reload nor a change of the pom restarts them. In the application the file ranks above
 * application.properties and below the environment.
 */
public final class DevServers {

    /** The name is known to the dev profile of the pom, too. */
    private static final String PROPERTIES = "dev.properties";

    private static final String HTTP_PORT = "quarkus.http.port";

    private DevServers() {}

    /** Argument: the project's folder. */
    public static void main(String... arguments) {
        requireFreeHttpPort();
        Session session = Session.claim(Path.of(arguments[0]));
        Servers servers = session.start(wanted());
        String properties =
                servers.configuration().entrySet().stream()
                        .map(property -> property.getKey() + "=" + property.getValue() + "\n")
                        .collect(Collectors.joining());
        Path file = session.write(PROPERTIES, properties);
        DevJvm.endAfterThisOne(file);
        report(servers.configuration());
        Thread.ofPlatform()
                .daemon()
                .name("embedded-servers")
                .start(() -> System.err.println(servers.awaitFailure().getMessage()));
    }

    private static Set<Servers.Kind> wanted() {
        Set<Servers.Kind> wanted = EnumSet.allOf(Servers.Kind.class);
        if (configured("quarkus.datasource.reactive.url") != null) {
            wanted.remove(Servers.Kind.POSTGRES);
        }
        if (configured("kafka.bootstrap.servers") != null) {
            wanted.remove(Servers.Kind.KAFKA);
        }
        return wanted;
    }

    /** What the user set, with {@code -D} or in the environment. */
    private static @Nullable String configured(String property) {
        String variable = property.toUpperCase(Locale.ROOT).replace('.', '_');
        return System.getProperty(property, System.getenv(variable));
    }

    /** Quarkus would say it too, but much later, and the application would stay without HTTP. */
    private static void requireFreeHttpPort() {
        @Nullable String configured = configured(HTTP_PORT);
        String port = configured == null ? "8080" : configured;
        if (port.matches("[1-9][0-9]{0,4}") && !Ports.isFree(Integer.parseInt(port))) {
            throw new ServerFailedException(
                    ("Port %s is taken. Choose another one for HTTP, for example:"
                                    + " QUARKUS_HTTP_PORT=%d ./mvnw -Pdev")
                            .formatted(port, Integer.parseInt(port) + 1));
        }
    }

    private static void report(Map<String, String> started) {
        @Nullable String port = configured(HTTP_PORT);
        System.out.println();
        System.out.println("  HTTP        http://localhost:" + (port == null ? "8080" : port));
        reportServer("PostgreSQL", "quarkus.datasource.reactive.url", started);
        reportServer("Kafka", "kafka.bootstrap.servers", started);
        System.out.println();
    }

    private static void reportServer(String name, String property, Map<String, String> started) {
        @Nullable String own = started.get(property);
        System.out.println(
                "  %-10s  %s"
                        .formatted(name, own == null ? configured(property) + " (not ours)" : own));
    }
}
