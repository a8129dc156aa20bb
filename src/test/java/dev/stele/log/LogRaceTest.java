package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.event.Append;
import dev.stele.event.AppendCondition;
import dev.stele.event.EventId;
import dev.stele.event.EventType;
import dev.stele.event.FailIf;
import dev.stele.event.GlobalPosition;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.event.References;
import dev.stele.event.StreamId;
import dev.stele.event.StreamVersion;
import dev.stele.event.Tag;
import dev.stele.log.AppendResult.FailedCheck;
import dev.stele.log.AppendResult.Place;
import dev.stele.testing.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Appends that collide, on two replicas: each with a queue, a connection and a knowledge of the
 * head of its own. {@code -Drounds=} prolongs it, {@code -Dseed=} repeats how the racers start.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class LogRaceTest {

    private static final int RACERS = 16;
    private static final int ROUNDS = Integer.getInteger("rounds", 1_000);

    /** So many rounds, each with racers of its own, run at a time: commits are shared. */
    private static final int LANES = 20;

    /** As long as a few commits take, so that racers meet in a batch, between two, and after. */
    private static final long LATEST_START_NANOS = 2_000_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject Pool pool;
    @Inject LogConfig config;
    @Inject Head head;

    private final long seed = Long.getLong("seed", new Random().nextLong());

    /**
     * A round, which one racer wins.
     *
     * @param racers what each appends
     * @param lost what the others are told, when one has won with its event at a place
     */
    private record Round(IntFunction<Append> racers, Function<Place, AppendResult> lost) {}

    /** Makes the next round on a stream from the place of the last winner. */
    @FunctionalInterface
    private interface Race {
        Round next(StreamId stream, Place last, Random random);
    }

    @Test
    void one_racer_for_a_version_wins_and_the_others_are_told_of_it() {
        race(
                (stream, last, _) -> {
                    AppendCondition expected = AppendCondition.atVersion(last.version());
                    return new Round(
                            racer -> append(stream, expected, event(freshId(), racer)),
                            won ->
                                    conflict(
                                            new FailedCheck.StreamVersionDiffers(
                                                    stream, expected, won.version())));
                });
    }

    /**
     * The condition may look back so far that it is checked beforehand, or not: nobody can tell.
     */
    @Test
    void one_racer_for_a_tag_wins_and_the_others_are_told_where_its_event_is() {
        race(
                (stream, last, random) -> {
                    Tag tag = new Tag("raced:" + UUID.randomUUID());
                    FailIf taken =
                            new FailIf(
                                    List.of(new FailIf.Item(Set.of(), Set.of(tag))),
                                    anyUpTo(last.position(), random));
                    return new Round(
                            racer -> append(stream, taken, event(freshId(), racer, tag)),
                            won ->
                                    conflict(
                                            new FailedCheck.EventsFound(
                                                    0, List.of(won.position()))));
                });
    }

    @Test
    void one_racer_with_an_id_wins_and_the_others_get_its_answer() {
        race(
                (stream, _, _) -> {
                    EventId id = freshId();
                    return new Round(
                            _ -> append(stream, AppendCondition.any(), event(id, 1)),
                            won -> new AppendResult.AlreadyAppended(List.of(won)));
                });
    }

    @Test
    void one_racer_with_an_id_wins_and_the_others_with_other_content_are_told_that_it_is_used() {
        race(
                (stream, _, _) -> {
                    EventId id = freshId();
                    return new Round(
                            racer -> append(stream, AppendCondition.any(), event(id, racer)),
                            _ -> new AppendResult.IdReused(List.of(id)));
                });
    }

    @Test
    void positions_have_no_gaps_and_keep_the_order_of_each_sender() {
        long before = head.read().await().atMost(PATIENCE).value();
        List<Appender> replicas = List.of(replica(), replica());
        List<Uni<AppendResult>> appends = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Append append = append(freshStream(), AppendCondition.noStream(), event(freshId(), i));
            appends.add(replicas.get(i % 2).append(append));
        }

        List<Long> positions = together(appends).stream().map(LogRaceTest::position).toList();

        assertEquals(dense(before, 400), positions.stream().sorted().toList());
        for (int sender = 0; sender < 2; sender++) {
            List<Long> own = everySecond(positions, sender);
            assertEquals(own.stream().sorted().toList(), own);
        }
    }

    /**
     * Every round has one winner, whose event is the next of the stream that all of its racers
     * append to; and all the winners together stand in the log without a gap.
     */
    private void race(Race race) {
        System.err.println("seed " + seed);
        Random random = new Random(seed);
        GlobalPosition before = head.read().await().atMost(PATIENCE);
        List<Appender> replicas = List.of(replica(), replica());
        List<CompletableFuture<List<Long>>> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            int rounds = (ROUNDS + i) / LANES;
            Random own = new Random(random.nextLong());
            lanes.add(
                    CompletableFuture.supplyAsync(
                            () -> lane(race, rounds, before, replicas, own),
                            task -> Thread.ofVirtual().start(task)));
        }

        List<Long> winners = lanes.stream().flatMap(each -> each.join().stream()).sorted().toList();

        assertEquals(dense(before.value(), ROUNDS), winners);
    }

    /** One round after the other; the positions of the winners. */
    private List<Long> lane(
            Race race, int rounds, GlobalPosition before, List<Appender> replicas, Random random) {
        StreamId stream = freshStream();
        List<Long> winners = new ArrayList<>();
        Place last = new Place(new StreamVersion(0), before);
        for (int nth = 1; nth <= rounds; nth++) {
            Round round = race.next(stream, last, random);
            List<Uni<AppendResult>> racers =
                    IntStream.range(0, RACERS)
                            .mapToObj(i -> round.racers().apply(i))
                            .map(
                                    append ->
                                            staggered(
                                                    replicas.get(random.nextInt(2)),
                                                    append,
                                                    random))
                            .toList();

            List<AppendResult> results = together(racers);

            Place won = new Place(new StreamVersion(nth), winner(results));
            assertEquals(
                    Map.of(
                            new AppendResult.Appended(List.of(won)),
                            1L,
                            round.lost().apply(won),
                            RACERS - 1L),
                    counted(results),
                    "round %d of seed %d".formatted(nth, seed));
            winners.add(won.position().value());
            last = won;
        }
        return winners;
    }

    /** Where the event of one that has won is. */
    private static GlobalPosition winner(List<AppendResult> results) {
        return results.stream()
                .filter(AppendResult.Appended.class::isInstance)
                .map(won -> new GlobalPosition(position(won)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody won: " + results));
    }

    /** Starts a little later. */
    private static Uni<AppendResult> staggered(Appender replica, Append append, Random random) {
        Duration delay = Duration.ofNanos(1 + random.nextLong(LATEST_START_NANOS));
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(delay)
                .chain(() -> replica.append(append));
    }

    private static Map<AppendResult, Long> counted(List<AppendResult> results) {
        return results.stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static List<AppendResult> together(List<Uni<AppendResult>> appends) {
        return Uni.join().all(appends).andCollectFailures().await().atMost(PATIENCE);
    }

    private static long position(AppendResult result) {
        return ((AppendResult.Appended) result).places().getLast().position().value();
    }

    private static List<Long> dense(long before, int count) {
        return LongStream.rangeClosed(before + 1, before + count).boxed().toList();
    }

    private static List<Long> everySecond(List<Long> all, int first) {
        return IntStream.range(0, all.size() / 2).mapToObj(i -> all.get(2 * i + first)).toList();
    }

    private static AppendResult conflict(FailedCheck check) {
        return new AppendResult.Conflict(List.of(check));
    }

    private Appender replica() {
        Head head = new Head(pool, config, new Generation(pool, config));
        return new Appender(pool, pool, head, config, new SimpleMeterRegistry());
    }

    private static GlobalPosition anyUpTo(GlobalPosition position, Random random) {
        return new GlobalPosition(random.nextLong(position.value() + 1));
    }

    private static Append append(StreamId stream, AppendCondition condition, NewEvent event) {
        return Append.toStream(stream, condition, List.of(event), true, null);
    }

    private static Append append(StreamId stream, FailIf failIf, NewEvent event) {
        Append.Part part = new Append.Part(stream, AppendCondition.any(), List.of(event));
        return new Append(List.of(part), List.of(), failIf, true, null);
    }

    private static NewEvent event(EventId id, int data, Tag... tags) {
        return new NewEvent(
                id,
                new EventType("Raced"),
                null,
                null,
                Payload.of(Integer.toString(data)),
                null,
                null,
                References.NONE,
                List.of(tags));
    }

    private static StreamId freshStream() {
        return new StreamId("race-" + UUID.randomUUID());
    }

    private static EventId freshId() {
        return new EventId(UUID.randomUUID());
    }
}
