package dev.stele.servers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * PostgreSQL and Kafka together, started at the same time, each with its data in a folder below the
 * given one.
 */
public final class Servers implements AutoCloseable {

    /** One of the two. */
    public enum Kind {
        POSTGRES,
        KAFKA
    }

    private static final int POSTGRES_PORT = 5432;
    private static final int KAFKA_PORT = 9092;

    private final Optional<PostgresServer> postgres;
    private final Optional<KafkaServer> kafka;

    private Servers(Optional<PostgresServer> postgres, Optional<KafkaServer> kafka) {
        this.postgres = postgres;
        this.kafka = kafka;
    }

    /** Starts the wanted servers on their usual ports, or on free ones where those are taken. */
    public static Servers start(Path folder, Set<Kind> wanted) {
        return start(folder, wanted, POSTGRES_PORT, KAFKA_PORT);
    }

    /** Starts both on free ports, so that they meet nobody else's. */
    public static Servers startOnFreePorts(Path folder) {
        return start(folder, Set.of(Kind.values()), Ports.ANY, Ports.ANY);
    }

    private static Servers start(Path folder, Set<Kind> wanted, int postgresPort, int kafkaPort) {
        var postgres =
                startIf(
                        wanted.contains(Kind.POSTGRES),
                        () -> PostgresServer.start(folder.resolve("postgres"), postgresPort));
        var kafka =
                startIf(
                        wanted.contains(Kind.KAFKA),
                        () -> KafkaServer.start(folder.resolve("kafka"), kafkaPort));
        try {
            CompletableFuture.allOf(postgres, kafka).join();
            return new Servers(postgres.join(), kafka.join());
        } catch (CompletionException e) {
            closeIfStarted(postgres, PostgresServer::close);
            closeIfStarted(kafka, KafkaServer::close);
            throw e.getCause() instanceof ServerFailedException failed ? failed : e;
        }
    }

    private static <T> CompletableFuture<Optional<T>> startIf(boolean wanted, Supplier<T> start) {
        if (!wanted) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return CompletableFuture.supplyAsync(
                () -> Optional.of(start.get()), task -> Thread.ofVirtual().start(task));
    }

    private static <T> void closeIfStarted(
            CompletableFuture<Optional<T>> start, Consumer<T> close) {
        if (!start.isCompletedExceptionally()) {
            start.join().ifPresent(close);
        }
    }

    /** The PostgreSQL server. Fails when it was not wanted. */
    public PostgresServer postgres() {
        return postgres.orElseThrow();
    }

    /** The Kafka broker. Fails when it was not wanted. */
    public KafkaServer kafka() {
        return kafka.orElseThrow();
    }

    /**
     * What an application needs to know to use the servers, by the names of Quarkus' properties.
     */
    public Map<String, String> configuration() {
        Map<String, String> properties = new LinkedHashMap<>();
        postgres.ifPresent(
                server -> {
                    properties.put("quarkus.datasource.reactive.url", server.reactiveUrl());
                    properties.put("quarkus.datasource.username", PostgresServer.USER);
                    properties.put("quarkus.datasource.password", PostgresServer.PASSWORD);
                });
        kafka.ifPresent(
                server -> properties.put("kafka.bootstrap.servers", server.bootstrapServers()));
        return properties;
    }

    /** Waits for ever, or until a server ends by itself: then returns what to say about it. */
    ServerFailedException awaitFailure() {
        return postgres.map(PostgresServer::ended)
                .orElseGet(CompletableFuture::new)
                .applyToEither(
                        kafka.map(KafkaServer::ended).orElseGet(CompletableFuture::new),
                        Function.identity())
                .join();
    }

    @Override
    public void close() {
        kafka.ifPresent(KafkaServer::close);
        postgres.ifPresent(PostgresServer::close);
    }
}
