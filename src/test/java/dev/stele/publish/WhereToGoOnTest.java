package dev.stele.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WhereToGoOnTest {

    private static final long HEAD = 10;

    @Test
    void kafka_knows_better_after_a_crash() {
        assertEquals(new GlobalPosition(7), furthest(5, 7));
    }

    @Test
    void postgres_knows_better_when_records_were_sent_without_transactions_before() {
        assertEquals(new GlobalPosition(7), furthest(7, 5));
    }

    @Test
    void all_may_be_published() {
        assertEquals(new GlobalPosition(HEAD), furthest(3, HEAD));
    }

    @Test
    void a_log_that_ends_before_what_was_published_is_not_the_one_that_it_was() {
        var refused = assertThrows(IllegalStateException.class, () -> furthest(5, HEAD + 1));
        assertEquals(
                "Kafka has events up to position 11, and the log ends at 10: it was restored to an"
                        + " earlier state",
                refused.getMessage());
    }

    private static GlobalPosition furthest(long inPostgres, long inKafka) {
        return WhereToGoOn.furthest(
                new EventLog.Identity(UUID.randomUUID(), 1, new GlobalPosition(HEAD)),
                new GlobalPosition(inPostgres),
                new GlobalPosition(inKafka));
    }
}
