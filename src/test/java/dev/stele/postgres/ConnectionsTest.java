package dev.stele.postgres;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.testing.PostgresProxy;
import dev.stele.testing.TestServers;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the network does to connections, and what becomes of the pool. */
class ConnectionsTest {

    private static final int POOLED = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final DatabaseConfig CONFIG =
            new SmallRyeConfigBuilder()
                    .withMapping(DatabaseConfig.class)
                    .withConverter(Duration.class, 1, new DurationConverter())
                    .withDefaultValue("stele.database.answer-timeout", PATIENCE.toMillis() + "ms")
                    .build()
                    .getConfigMapping(DatabaseConfig.class);

    private record Given(Vertx vertx, PoolOptions poolOptions, PgConnectOptions address)
            implements PgPoolCreator.Input {
        @Override
        public List<PgConnectOptions> pgConnectOptionsList() {
            return List.of(address);
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final PostgresProxy proxy = PostgresProxy.before(TestServers.postgres().reactiveUrl());
    private final Connections connections = new Connections(vertx, CONFIG);
    private final Pool pool = pool();

    private Pool pool() {
        return Pool.newInstance(
                connections.create(
                        new Given(
                                vertx,
                                new PoolOptions().setMaxSize(POOLED),
                                PgConnectOptions.fromUri(proxy.reactiveUrl())
                                        .setUser("postgres")
                                        .setCachePreparedStatements(true))));
    }

    @AfterEach
    void close() {
        pool.closeAndAwait();
        proxy.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_pool_whose_connections_are_all_forgotten_works_again_by_itself() {
        useAll();
        proxy.forget();

        IntStream.range(0, POOLED).forEach(_ -> assertThrows(Exception.class, this::ask));

        assertEquals(1, ask());
    }

    @Test
    void statements_that_wait_for_a_forgotten_connection_get_another() {
        useAll();
        proxy.forget();

        List<Uni<Integer>> all =
                IntStream.range(0, 2 * POOLED)
                        .mapToObj(_ -> one().memoize().indefinitely())
                        .toList();
        all.forEach(each -> each.subscribe().with(_ -> {}, _ -> {}));

        await().until(() -> all.stream().filter(this::succeeds).count() == POOLED);
    }

    @Test
    void a_connection_that_is_made_into_silence_does_not_take_its_place_for_ever() {
        proxy.fallSilent();
        assertThrows(Exception.class, this::ask);

        proxy.pass();

        await().until(() -> succeeds(one()));
    }

    @Test
    void a_transaction_that_gets_no_answer_lets_its_connection_go() {
        useAll();
        proxy.loseAnswers();

        for (int each = 0; each < POOLED; each++) {
            assertThrows(
                    Exception.class,
                    () ->
                            pool.withTransaction(in -> in.query("select 1").execute())
                                    .await()
                                    .indefinitely());
        }

        assertEquals(1, ask());
    }

    @Test
    void a_connection_that_can_only_be_read_is_replaced_when_somebody_writes() {
        Pool one = connections.ofOne();
        one.query("set default_transaction_read_only = on").executeAndAwait();
        int made = proxy.accepted();

        assertThrows(
                Exception.class,
                () -> one.preparedQuery("create table never ()").executeAndAwait());

        one.preparedQuery("create temporary table once ()").executeAndAwait();
        assertEquals(made + 1, proxy.accepted());
        one.closeAndAwait();
    }

    @Test
    void a_statement_within_the_time_keeps_its_connection_also_when_its_sender_has_gone() {
        ask();
        int made = proxy.accepted();

        assertThrows(
                Exception.class,
                () ->
                        pool.preparedQuery("select pg_sleep(0.5)")
                                .execute()
                                .ifNoItem()
                                .after(Duration.ofMillis(50))
                                .fail()
                                .await()
                                .indefinitely());
        pool.preparedQuery("select pg_sleep(0.8)").executeAndAwait();
        ask();

        assertTrue(proxy.accepted() <= made + 1, "one for the second statement, none instead");
        assertEquals(proxy.accepted(), proxy.open());
    }

    private void useAll() {
        Uni.join()
                .all(
                        IntStream.range(0, POOLED)
                                .mapToObj(_ -> pool.query("select pg_sleep(0.2)").execute())
                                .toList())
                .andFailFast()
                .await()
                .indefinitely();
        assertEquals(POOLED, proxy.open());
    }

    private Uni<Integer> one() {
        return pool.preparedQuery("select 1")
                .execute()
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    private int ask() {
        return one().await().atMost(PATIENCE.multipliedBy(5));
    }

    private boolean succeeds(Uni<Integer> asked) {
        try {
            return asked.await().atMost(PATIENCE) == 1;
        } catch (RuntimeException _) {
            return false;
        }
    }
}
