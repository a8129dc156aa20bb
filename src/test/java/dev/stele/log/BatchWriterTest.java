package dev.stele.log;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.NewEvent;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.log.BatchWriter.Written;
import dev.stele.postgres.Connections;
import dev.stele.testing.TestServers;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestServers.class)
class BatchWriterTest {

    private static final LogConfig IMPATIENT =
            new SmallRyeConfigBuilder()
                    .withMapping(LogConfig.class)
                    .withConverter(Duration.class, 1, new DurationConverter())
                    .withDefaultValue("stele.log.connect-timeout", "100ms")
                    .build()
                    .getConfigMapping(LogConfig.class);

    @Inject Vertx vertx;
    @Inject Head head;
    @Inject Connections connections;

    @Test
    void a_connection_that_comes_too_late_for_one_batch_is_not_lost_for_the_others() {
        Pool one =
                PgBuilder.pool()
                        .with(new PoolOptions().setMaxSize(1))
                        .connectingTo(TestServers.postgres().reactiveUrl() + "?user=postgres")
                        .using(vertx)
                        .build();
        BatchWriter writer = new BatchWriter(one, head, new RecentEvents(1, 1), IMPATIENT);
        SqlConnection taken = one.getConnectionAndAwait();

        assertInstanceOf(AppendResult.Overloaded.class, write(writer));
        assertInstanceOf(AppendResult.Overloaded.class, write(writer));
        taken.closeAndAwait();

        await().until(() -> write(writer) instanceof AppendResult.Appended);
        one.closeAndAwait();
    }

    @Test
    void a_connection_that_became_read_only_costs_one_batch_and_not_all_to_come() {
        Pool one = connections.ofOne();
        one.query("set default_transaction_read_only = on").executeAndAwait();
        BatchWriter writer = new BatchWriter(one, head, new RecentEvents(1, 1), IMPATIENT);

        assertInstanceOf(AppendResult.Overloaded.class, write(writer));

        await().until(() -> write(writer) instanceof AppendResult.Appended);
        one.closeAndAwait();
    }

    private static AppendResult write(BatchWriter writer) {
        return switch (writer.write(one()).await().indefinitely()) {
            case Written.Answered(var results) -> results.getFirst();
            case Written.Refused(var reason) -> throw new AssertionError(reason);
        };
    }

    /** An append of one event to a new stream. */
    static List<Append> one() {
        NewEvent event =
                new NewEvent(
                        new EventId(UUID.randomUUID()),
                        new EventType("Written"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        References.NONE,
                        List.of());
        return List.of(
                Append.toStream(
                        new StreamId("written-" + UUID.randomUUID()),
                        AppendCondition.any(),
                        List.of(event),
                        false,
                        null));
    }
}
