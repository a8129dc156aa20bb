package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Appends that collide, on two replicas: two appenders with a queue each on one database. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LogRaceTest {

    private static final int RACERS = 16;
    private static final int ROUNDS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject Pool pool;
    @Inject LogConfig config;
    @Inject EventLog log;
    @Inject Head head;

    @Test
    void one_racer_for_a_version_wins_and_the_others_are_told_of_it() {
        List<Appender> replicas = List.of(replica(), replica());
        StreamId stream = freshStream();
        for (int round = 0; round < ROUNDS; round++) {
            StreamVersion before = new StreamVersion(round);
            List<Uni<AppendResult>> racers =
                    IntStream.range(0, RACERS)
                            .mapToObj(
                                    i ->
                                            replicas.get(i % 2)
                                                    .append(
                                                            one(
                                                                    stream,
                                                                    AppendCondition.atVersion(
                                                                            before),
                                                                    freshId(),
                                                                    i)))
                            .toList();

            List<AppendResult> results = together(racers);

            assertEquals(1, count(results, AppendResult.Appended.class), "round " + round);
            StreamVersion after = new StreamVersion(round + 1);
            for (AppendResult result : results) {
                if (result instanceof AppendResult.Conflict) {
                    assertEquals(after, version(result));
                }
            }
            assertEquals(RACERS - 1, count(results, AppendResult.Conflict.class));
        }
    }

    @Test
    void one_racer_with_an_id_wins_and_the_others_get_its_answer() {
        List<Appender> replicas = List.of(replica(), replica());
        StreamId stream = freshStream();
        for (int round = 0; round < ROUNDS; round++) {
            EventId id = freshId();
            List<Uni<AppendResult>> racers =
                    IntStream.range(0, RACERS)
                            .mapToObj(
                                    i ->
                                            replicas.get(i % 2)
                                                    .append(
                                                            one(
                                                                    stream,
                                                                    AppendCondition.any(),
                                                                    id,
                                                                    1)))
                            .toList();

            List<AppendResult> results = together(racers);

            assertEquals(1, count(results, AppendResult.Appended.class), "round " + round);
            assertEquals(RACERS - 1, count(results, AppendResult.AlreadyAppended.class));
            assertEquals(1, results.stream().map(LogRaceTest::version).distinct().count());
        }
    }

    @Test
    void positions_have_no_gaps_and_keep_the_order_of_each_sender() {
        long before = head.read().await().atMost(PATIENCE).value();
        List<Appender> replicas = List.of(replica(), replica());
        List<Uni<AppendResult>> appends = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            StreamId stream = freshStream();
            appends.add(
                    replicas.get(i % 2)
                            .append(one(stream, AppendCondition.noStream(), freshId(), i)));
        }

        List<Long> positions =
                together(appends).stream()
                        .map(
                                result ->
                                        ((AppendResult.Appended) result)
                                                .places()
                                                .getLast()
                                                .position()
                                                .value())
                        .sorted()
                        .toList();

        assertEquals(LongStream.rangeClosed(before + 1, before + 400).boxed().toList(), positions);
    }

    private Appender replica() {
        return new Appender(pool, head, config);
    }

    private static StreamVersion version(AppendResult result) {
        return switch (result) {
            case AppendResult.Appended(var places) -> places.getLast().version();
            case AppendResult.AlreadyAppended(var places) -> places.getLast().version();
            case AppendResult.Conflict(var failed) ->
                    failed.getFirst() instanceof FailedCheck.StreamVersionDiffers(_, _, var actual)
                            ? actual
                            : fail("no stream failed: " + failed);
            case AppendResult.Deleted _,
                    AppendResult.IdReused _,
                    AppendResult.Overloaded _,
                    AppendResult.Unchecked _,
                    AppendResult.OutcomeUnknown _,
                    AppendResult.Rejected _ ->
                    throw new AssertionError(result);
        };
    }

    private static List<AppendResult> together(List<Uni<AppendResult>> appends) {
        return Uni.join().all(appends).andCollectFailures().await().atMost(PATIENCE);
    }

    private static long count(List<AppendResult> results, Class<? extends AppendResult> kind) {
        return results.stream().filter(kind::isInstance).count();
    }

    private static Append one(StreamId stream, AppendCondition condition, EventId id, int data) {
        NewEvent event =
                new NewEvent(
                        id,
                        new EventType("Raced"),
                        null,
                        null,
                        Payload.of(Integer.toString(data)),
                        null,
                        null,
                        References.NONE,
                        List.of());
        return Append.toStream(stream, condition, List.of(event), true, null);
    }

    private static StreamId freshStream() {
        return new StreamId("race-" + UUID.randomUUID());
    }

    private static EventId freshId() {
        return new EventId(UUID.randomUUID());
    }
}
