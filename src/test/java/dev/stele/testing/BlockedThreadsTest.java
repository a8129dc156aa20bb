package dev.stele.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class BlockedThreadsTest {

    private static final Logger CHECKER =
            Logger.getLogger("io.vertx.core.impl.BlockedThreadChecker");

    @Test
    void an_event_loop_that_does_not_come_back_is_reported() {
        Vertx vertx = Vertx.vertx(impatient());
        CountDownLatch answered = new CountDownLatch(1);
        try {
            vertx.runOnContext(_ -> waitFor(answered));

            await().until(() -> !BlockedThreads.take().isEmpty());
        } finally {
            answered.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().join();
            BlockedThreads.take();
        }
    }

    @Test
    void a_report_fails_the_test() {
        CHECKER.warning("Thread blocked, for the test");

        AssertionError failure = assertThrows(AssertionError.class, BlockedThreads::requireNone);

        assertTrue(String.valueOf(failure.getMessage()).contains("Thread blocked, for the test"));
    }

    @Test
    void a_report_fails_one_test_only() {
        CHECKER.warning("Thread blocked, for the test");
        assertThrows(AssertionError.class, BlockedThreads::requireNone);

        assertDoesNotThrow(BlockedThreads::requireNone);
    }

    @Test
    void what_is_reported_between_two_classes_does_not_count() {
        BlockedThreads.watch(false);
        CHECKER.warning("Thread blocked, while an application starts");
        BlockedThreads.watch(true);

        assertDoesNotThrow(BlockedThreads::requireNone);
    }

    private static VertxOptions impatient() {
        return new VertxOptions()
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(20)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(5);
    }

    static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
