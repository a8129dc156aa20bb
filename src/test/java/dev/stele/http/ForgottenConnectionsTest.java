package dev.stele.http;

import static dev.stele.testing.Api.get;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.servers.Ports;
import dev.stele.testing.PostgresProxy;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The network forgets every connection of the service, and tells nobody. */
@QuarkusTest
@QuarkusTestResource(
        value = ForgottenConnectionsTest.ThroughProxy.class,
        restrictToAnnotatedClass = true)
class ForgottenConnectionsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int POOLED = 20;
    private static final String PORT = "stele.test.proxy-port";

    private static final String DATABASE = "forgotten";

    private static PostgresProxy proxy;

    /** After the other servers, whose address it replaces. */
    public static final class ThroughProxy implements QuarkusTestResourceLifecycleManager {

        @Override
        public int order() {
            return 1;
        }

        @Override
        public Map<String, String> start() {
            // Its end finds no database: what it leaves behind is in nobody's way here.
            try (Connection connection =
                            DriverManager.getConnection(TestServers.postgres().jdbcUrl());
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + DATABASE);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            int port = Ports.free();
            // Tests are loaded by another class loader: a number is what both understand.
            System.setProperty(PORT, Integer.toString(port));
            Map<String, String> settings = TestServers.configuration();
            settings.put(
                    "quarkus.datasource.reactive.url",
                    "postgresql://127.0.0.1:%d/%s".formatted(port, DATABASE));
            settings.put("stele.topic.prefix", "forgotten.");
            settings.put("stele.database.answer-timeout", "2s");
            return settings;
        }

        @Override
        public void stop() {
            System.clearProperty(PORT);
        }
    }

    @BeforeAll
    static void let_it_connect() {
        proxy =
                PostgresProxy.before(
                        TestServers.postgres().reactiveUrl(),
                        Integer.parseInt(System.getProperty(PORT, "0")));
    }

    @AfterAll
    static void end() {
        proxy.close();
    }

    @Test
    void appends_and_reads_go_on_by_themselves_after_all_connections_were_forgotten()
            throws SQLException {
        await().atMost(PATIENCE).until(() -> get("/q/health/ready").statusCode() == 200);
        assertEquals(201, append());
        openAll();

        proxy.forget();
        List<CompletableFuture<Integer>> asked =
                Stream.concat(
                                reads(),
                                Stream.of(
                                        CompletableFuture.supplyAsync(
                                                ForgottenConnectionsTest::append)))
                        .toList();
        asked.forEach(CompletableFuture::join);

        await().atMost(PATIENCE).until(() -> append() == 201);
        await().atMost(PATIENCE).until(() -> reads().allMatch(read -> read.join() == 200));
        await().atMost(PATIENCE).until(() -> get("/q/health/ready").statusCode() == 200);
    }

    /** Reads that wait for a lock hold one connection each. */
    private static void openAll() throws SQLException {
        String url =
                TestServers.postgres()
                        .jdbcUrl()
                        .replaceFirst("/[^/?]+\\?", "/%s?".formatted(DATABASE));
        try (Connection other = DriverManager.getConnection(url)) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table stele.log");
            List<CompletableFuture<Integer>> reads = reads().toList();
            await().atMost(PATIENCE).until(() -> proxy.open() >= POOLED);
            other.commit();
            reads.forEach(CompletableFuture::join);
        }
    }

    private static Stream<CompletableFuture<Integer>> reads() {
        return IntStream.range(0, POOLED)
                .mapToObj(
                        _ ->
                                CompletableFuture.supplyAsync(
                                        () -> get("/v1/log").statusCode(),
                                        task -> Thread.ofVirtual().start(task)))
                .toList()
                .stream();
    }

    private static int append() {
        return given().contentType("application/json")
                .body("{\"type\":\"Noted\"}")
                .post("/v1/streams/forgotten-%s/events".formatted(UUID.randomUUID()))
                .statusCode();
    }
}
