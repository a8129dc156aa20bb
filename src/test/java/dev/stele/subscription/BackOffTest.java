package dev.stele.subscription;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {

    private static final BackOff BACK_OFF =
            new BackOff(Duration.ofMillis(100), Duration.ofSeconds(15));

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "8, 12800", "9, 15000", "1000000, 15000"})
    void a_pause_is_between_half_and_all_of_what_doubles_with_each_failure(
            int failures, long longest) {
        Random random = new Random(failures);
        for (int i = 0; i < 100; i++) {
            long pause = BACK_OFF.pause(failures, random).toMillis();
            assertTrue(longest / 2 <= pause && pause <= longest, () -> failures + ": " + pause);
        }
    }
}
