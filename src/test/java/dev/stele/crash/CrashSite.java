package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.servers.KafkaServer;
import dev.stele.servers.PostgresServer;
import dev.stele.servers.Servers;
import dev.stele.testing.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Replicas of the built service as processes, on servers of their own, with an empty log. */
final class CrashSite implements AutoCloseable {

    private static final String QUICK_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /** A JVM that will not live long warms up quickly. */
    static final Map<String, String> SHORT_LIVED = Map.of("JAVA_TOOL_OPTIONS", QUICK_JVM);

    /** The same, and leases end soon after their holder. */
    private static final Map<String, String> IN_A_HURRY =
            Map.of(
                    "STELE_SUBSCRIPTION_LEASE_DURATION", "1s",
                    "STELE_SUBSCRIPTION_LEASE_ROUND", "200ms",
                    "JAVA_TOOL_OPTIONS", QUICK_JVM);

    private final Servers servers;
    private final Published published;
    private final List<Service> services = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    CrashSite(Path folder, int replicas) {
        this(folder, replicas, IN_A_HURRY);
    }

    /** In a hurry, and led to the database by another way than the straight one. */
    static CrashSite ledBy(String reactiveUrl, Path folder, int replicas) {
        return ledBy(reactiveUrl, folder, replicas, Map.of());
    }

    /** The same, with settings that this way needs. */
    static CrashSite ledBy(
            String reactiveUrl, Path folder, int replicas, Map<String, String> settings) {
        Map<String, String> own = new HashMap<>(IN_A_HURRY);
        own.putAll(settings);
        own.put("QUARKUS_DATASOURCE_REACTIVE_URL", reactiveUrl);
        return new CrashSite(folder, replicas, own);
    }

    /** With settings of its own, on top of those that say where the servers are. */
    CrashSite(Path folder, int replicas, Map<String, String> own) {
        servers = Servers.startOnFreePorts(folder);
        published = new Published(servers.kafka().bootstrapServers());
        Map<String, String> settings = new HashMap<>();
        servers.configuration()
                .forEach(
                        (property, value) ->
                                settings.put(
                                        property.toUpperCase(Locale.ROOT).replace('.', '_'),
                                        value));
        settings.putAll(own);
        for (int i = 0; i < replicas; i++) {
            services.add(Service.start(settings));
        }
    }

    /** Waits until each replica has answered once. */
    void awaitAll() {
        services.forEach(service -> alone(service).head());
    }

    /** One of them, for a client that knows no other. */
    Replicas alone(Service service) {
        return new Replicas(http, List.of(service.address()), Trial.LONG_TIMEOUT);
    }

    PostgresServer postgres() {
        return servers.postgres();
    }

    KafkaServer kafka() {
        return servers.kafka();
    }

    String bootstrapServers() {
        return servers.kafka().bootstrapServers();
    }

    List<Service> services() {
        return services;
    }

    Published published() {
        return published;
    }

    /** All replicas, for a client that prefers the one with this index. */
    Replicas preferring(int index, Duration timeout) {
        List<URI> addresses = new ArrayList<>(services.stream().map(Service::address).toList());
        Collections.rotate(addresses, -index);
        return new Replicas(http, addresses, timeout);
    }

    /** Waits until all that is in the log now is folded and published, while others may be away. */
    void awaitAllDoneBy(Service service) {
        Replicas reader = alone(service);
        long head = reader.head();
        CrashView.await(reader, head);
        published.await(head);
    }

    /** What a service calls an error is a bug of it, whether or not somebody was told. */
    void requireNoErrorLogged() {
        requireNoErrorLogged(_ -> false);
    }

    /** The same, where some lines are meant to be errors. */
    void requireNoErrorLogged(Predicate<String> meant) {
        for (Service service : services) {
            assertEquals(
                    List.of(),
                    service.lines().stream()
                            .filter(line -> line.contains(" ERROR "))
                            .filter(meant.negate())
                            .toList());
        }
    }

    /** What the services said is kept, in case that something failed. */
    @Override
    public void close() {
        for (Service service : services) {
            // In order it would end later, and no better.
            service.kill();
            service.close();
            keep(service.lines(), "crash-%d.log".formatted(services.indexOf(service)));
        }
        published.close();
        http.shutdownNow();
        servers.close();
    }

    private static void keep(List<String> lines, String name) {
        try {
            Files.write(Path.of("target", name), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
