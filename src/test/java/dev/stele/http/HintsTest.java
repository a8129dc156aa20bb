package dev.stele.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.pgclient.PgException;
import org.junit.jupiter.api.Test;

class HintsTest {

    @Test
    void what_only_a_person_can_mend_is_told_with_what_to_do() {
        String told = Hints.after("permission denied for table events (SQLSTATE 42501)");

        assertTrue(told.startsWith("permission denied for table events (SQLSTATE 42501): "), told);
        assertTrue(told.contains("run the migrations"), told);
    }

    @Test
    void what_passes_by_itself_is_told_as_it_is() {
        assertEquals("no answer in time", Hints.after("no answer in time"));
        assertEquals("starting up (SQLSTATE 57P03)", Hints.after("starting up (SQLSTATE 57P03)"));
    }

    @Test
    void a_read_without_privileges_is_asked_to_come_again_and_not_a_bug() {
        PgException denied =
                new PgException("permission denied for table events", "ERROR", "42501", "");

        var answer = new ProblemMapper().database(denied);

        assertEquals(503, answer.getStatus());
        assertTrue(new String((byte[]) answer.getEntity(), UTF_8).contains("run the migrations"));
    }
}
