package dev.stele.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stele.publish.OpenWriters.Seat;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publications that want to write, two seats, and a clock that is moved by hand. */
class OpenWritersTest {

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final SmallRyeConfig settings =
            new SmallRyeConfigBuilder()
                    .withConverter(Duration.class, 1, new DurationConverter())
                    .withMapping(PublicationConfig.class)
                    .withMapping(TopicConfig.class)
                    .withDefaultValues(Map.of("stele.publication.producers", "2"))
                    .build();
    private final PublicationConfig config = settings.getConfigMapping(PublicationConfig.class);
    private final KafkaClients clients =
            new KafkaClients(
                    Map.of(), "localhost:1", config, settings.getConfigMapping(TopicConfig.class));
    private final AtomicLong nanos = new AtomicLong();
    private final OpenWriters writers = new OpenWriters(config, nanos::get);

    /** Who got a seat, in order. */
    private final List<Seat> arrived = new ArrayList<>();

    @AfterEach
    void stop() {
        writers.stop();
    }

    @Test
    void no_more_are_open_than_there_are_seats_and_the_next_come_in_order() {
        Seat first = enter();
        Seat second = enter();
        Seat third = enter();
        Seat fourth = enter();
        assertEquals(List.of(first, second), arrived);

        writers.leave(second);
        assertEquals(List.of(first, second, third), arrived);
        writers.leave(first);
        assertEquals(List.of(first, second, third, fourth), arrived);
    }

    @Test
    void who_rests_gives_the_seat_to_who_waits_after_a_turn() {
        Seat first = enter();
        enter();
        writers.rest(first);
        Seat third = enter();
        assertFalse(arrived.contains(third));
        assertTrue(writers.goOn(first));
        writers.rest(first);

        passes(TURN);
        assertTrue(arrived.contains(third));
        assertFalse(writers.goOn(first));
    }

    @Test
    void who_has_had_a_turn_gives_the_seat_away_when_it_comes_to_rest() {
        Seat first = enter();
        enter();
        Seat third = enter();
        passes(TURN);
        assertFalse(arrived.contains(third));

        writers.rest(first);
        assertTrue(arrived.contains(third));
    }

    @Test
    void who_has_rested_for_longest_goes_first_and_nobody_without_need() {
        Seat first = enter();
        Seat second = enter();
        writers.rest(second);
        writers.rest(first);
        passes(TURN);
        Seat third = enter();

        assertEquals(List.of(first, second, third), arrived);
        assertTrue(writers.goOn(first));
        assertFalse(writers.goOn(second));
    }

    @Test
    void who_rests_for_long_is_let_go_of() {
        Seat first = enter();
        Seat second = enter();
        writers.rest(first);
        passes(IDLE.minusNanos(1));
        assertTrue(writers.goOn(first));
        writers.rest(first);
        passes(IDLE);

        assertFalse(writers.goOn(first));
        assertEquals(List.of(first, second), arrived);
        Seat third = enter();
        assertEquals(List.of(first, second, third), arrived);
    }

    @Test
    void who_no_longer_waits_gets_no_seat_and_leaving_twice_frees_one_seat_only() {
        Seat first = enter();
        Seat second = enter();
        Seat third = enter();
        Seat fourth = enter();
        writers.leave(third);
        writers.leave(first);
        writers.leave(first);

        assertEquals(List.of(first, second, fourth), arrived);
        Seat fifth = enter();
        assertFalse(arrived.contains(fifth));
    }

    private Seat enter() {
        CheckpointTopic checkpoints =
                new CheckpointTopic(
                        clients,
                        "checkpoints",
                        UUID.randomUUID(),
                        new PublicationName("test"),
                        Duration.ofSeconds(1));
        Seat seat = new Seat(new RecordWriter(Runnable::run, clients, config, checkpoints, 1));
        writers.enter(seat).subscribe().with(arrived::add);
        return seat;
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
        writers.round();
    }
}
