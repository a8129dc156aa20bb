package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.pgclient.PgException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailureTest {

    @ParameterizedTest
    @CsvSource({
        "3F000, UNAVAILABLE",
        "42P01, UNAVAILABLE",
        "42703, UNAVAILABLE",
        "42883, UNAVAILABLE",
        "42501, UNAVAILABLE",
        "25006, UNAVAILABLE",
        "26000, UNAVAILABLE",
        "55P03, UNAVAILABLE",
        "57014, UNAVAILABLE",
        "57P01, ANSWER_LOST",
        "08006, ANSWER_LOST",
        "23505, REFUSED"
    })
    void what_is_not_migrated_yet_or_locked_may_pass(String state, DatabaseFailure expected) {
        assertEquals(expected, DatabaseFailure.of(new PgException("no", "ERROR", state, "")));
    }

    @Test
    void what_says_nothing_itself_is_named() {
        assertEquals(
                "IllegalStateException", DatabaseFailure.describe(new IllegalStateException("")));
    }
}
