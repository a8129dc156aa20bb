package dev.stele.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.testing.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever notices that the log was put back raises its generation. */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class GenerationRaiseTest {

    private static final int ROUNDS = 20;
    private static final int AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject Pool pool;
    @Inject LogConfig config;
    @Inject Head head;

    @Test
    void however_many_notice_at_once_it_rises_once() {
        for (int round = 0; round < ROUNDS; round++) {
            int before = current();
            List<Uni<Void>> all =
                    IntStream.range(0, AT_ONCE)
                            .mapToObj(_ -> new Generation(pool, config).raise(gone(before)))
                            .toList();
            done(Uni.join().all(all).andFailFast());
            assertEquals(before + 1, current());
        }
    }

    @Test
    void it_rises_no_more_for_what_was_seen_before_it_rose() {
        int before = current();
        done(new Generation(pool, config).raise(gone(before)));
        done(new Generation(pool, config).raise(gone(before)));
        assertEquals(before + 1, current());
    }

    @Test
    void it_rises_beyond_the_one_that_was_known_when_the_log_was_put_back_further() {
        int later = current() + 3;
        done(new Generation(pool, config).raise(gone(later)));
        assertEquals(later + 1, current());
    }

    @Test
    void it_does_not_rise_while_the_event_is_there() {
        int before = current();
        Landmark newest = newest();
        done(new Generation(pool, config).raise(newest));
        assertEquals(before, current());
    }

    private Landmark newest() {
        done(head.read());
        return head.newest();
    }

    private int current() {
        return done(new Generation(pool, config).read());
    }

    private static Landmark gone(int generation) {
        return new Landmark(new GlobalPosition(1), new EventId(UUID.randomUUID()), generation);
    }

    private static <T> T done(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
