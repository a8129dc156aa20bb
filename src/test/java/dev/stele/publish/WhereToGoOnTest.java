package dev.stele.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stele.event.EventId;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.log.Sighting;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WhereToGoOnTest {

    private static final long HEAD = 10;

    @Test
    void kafka_knows_better_after_a_crash() {
        assertEquals(behind(7), WhereToGoOn.of(there(5), Optional.of(there(7))));
    }

    @Test
    void postgres_knows_better_when_records_were_sent_without_transactions_before() {
        assertEquals(behind(7), WhereToGoOn.of(there(7), Optional.of(there(5))));
    }

    @Test
    void postgres_says_where_to_go_on_where_kafka_has_no_checkpoint() {
        assertEquals(behind(7), WhereToGoOn.of(there(7), Optional.empty()));
    }

    @Test
    void all_may_be_published() {
        assertEquals(behind(HEAD), WhereToGoOn.of(there(3), Optional.of(there(HEAD))));
    }

    @Test
    void a_log_without_what_was_published_is_not_the_one_that_it_was() {
        assertEquals(
                new WhereToGoOn.Nowhere(gone(HEAD + 1)),
                WhereToGoOn.of(there(5), Optional.of(gone(HEAD + 1))));
        assertEquals(
                new WhereToGoOn.Nowhere(gone(7)), WhereToGoOn.of(there(9), Optional.of(gone(7))));
        assertEquals(new WhereToGoOn.Nowhere(gone(7)), WhereToGoOn.of(gone(7), Optional.empty()));
    }

    @Test
    void what_kafka_has_decides_when_postgres_has_gone_beyond_it() {
        assertEquals(behind(5), WhereToGoOn.of(gone(7), Optional.of(there(5))));
    }

    private static WhereToGoOn behind(long position) {
        return new WhereToGoOn.Behind(landmark(position));
    }

    private static Sighting there(long position) {
        return new Sighting.There(landmark(position));
    }

    private static Sighting.Gone gone(long position) {
        return new Sighting.Gone(landmark(position), 2, new GlobalPosition(HEAD));
    }

    private static Landmark landmark(long position) {
        return new Landmark(new GlobalPosition(position), new EventId(new UUID(0, position)), 1);
    }
}
