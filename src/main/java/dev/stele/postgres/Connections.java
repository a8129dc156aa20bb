package dev.stele.postgres;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How connections to PostgreSQL are made, and when one is thrown away: the pool knows only those
 * that the server or the network has ended, and would keep one that nobody answers on, or that can
 * only be read on, for ever.
 */
@Singleton
public class Connections implements PgPoolCreator {

    private final Vertx vertx;
    private final DatabaseConfig config;
    private final ConnectionTroubles troubles = new ConnectionTroubles();
    private final Promise<List<SqlConnectOptions>> addresses = Promise.promise();
    private final AtomicInteger attempts = new AtomicInteger();

    Connections(Vertx vertx, DatabaseConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** The pool of all. */
    @Override
    public Pool create(Input input) {
        addresses.tryComplete(
                input.pgConnectOptionsList().stream()
                        .<SqlConnectOptions>map(this::limited)
                        .toList());
        return pool(input.poolOptions());
    }

    /** A pool of one connection, for whoever must never wait until others give one back. */
    public io.vertx.mutiny.sqlclient.Pool ofOne() {
        PoolOptions options =
                new PoolOptions()
                        .setMaxSize(1)
                        .setIdleTimeout(millis(config.idleTimeout()))
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxLifetime(millis(config.maxLifetime()))
                        .setMaxLifetimeUnit(TimeUnit.MILLISECONDS);
        return io.vertx.mutiny.sqlclient.Pool.newInstance(pool(options));
    }

    /** Throws a connection away: to give it back would hand it to the next with what it lacks. */
    public static void discard(io.vertx.mutiny.sqlclient.SqlConnection connection) {
        ConnectionWatch.socketOf(connection.getDelegate()).close();
    }

    private Pool pool(PoolOptions options) {
        return PgBuilder.pool()
                .with(options)
                .connectingTo(this::nextAddress)
                .withConnectHandler(this::watch)
                .using(vertx)
                .build();
    }

    /** Of several addresses each in its turn: one may lead to a standby. */
    private Future<SqlConnectOptions> nextAddress() {
        return addresses
                .future()
                .map(all -> all.get(Math.floorMod(attempts.getAndIncrement(), all.size())));
    }

    private PgConnectOptions limited(PgConnectOptions options) {
        PgConnectOptions limited = new PgConnectOptions(options);
        // Until it is connected whole, nobody else would notice that no answer comes.
        limited.setReadIdleTimeout(millis(config.answerTimeout()));
        return limited.setCachePreparedStatements(
                        config.preparedStatements() && options.getCachePreparedStatements())
                .setUseLayer7Proxy(!config.preparedStatements() || options.getUseLayer7Proxy())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setConnectTimeout(millis(config.connectTimeout()))
                .setTcpKeepAlive(true);
    }

    private void watch(SqlConnection connected) {
        ConnectionWatch.begin(connected, config.answerTimeout(), troubles);
        // To the pool that made it.
        connected.close();
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(Math.min(duration.toMillis(), Integer.MAX_VALUE));
    }
}
