package dev.stele.definition;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProgramsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void work_that_finds_the_queue_full_is_refused_and_later_work_is_not() {
        Programs narrow =
                programs(Map.of("stele.program.threads", "1", "stele.program.queue", "1"));
        CountDownLatch end = new CountDownLatch(1);
        var running = narrow.call(() -> awaited(end)).subscribeAsCompletionStage();
        var waiting = narrow.call(() -> awaited(end)).subscribeAsCompletionStage();

        var refused = narrow.call(() -> true).subscribeAsCompletionStage();
        assertInstanceOf(Programs.Overloaded.class, refused.exceptionNow());

        end.countDown();
        assertTrue(running.join() && waiting.join());
        assertTrue(narrow.call(() -> true).await().atMost(PATIENCE));
        narrow.close();
    }

    private static boolean awaited(CountDownLatch end) {
        try {
            end.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The defaults, except for these settings. */
    static Programs programs(Map<String, String> settings) {
        return new Programs(
                new SmallRyeConfigBuilder()
                        .addDiscoveredConverters()
                        .withDefaultValues(settings)
                        .withMapping(ProgramConfig.class)
                        .build()
                        .getConfigMapping(ProgramConfig.class));
    }
}
