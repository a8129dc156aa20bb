package dev.stele.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The application under test is watched. While its event loop is blocked on purpose, the handlers
 * that would fail this very test are replaced: they may belong to another class loader.
 */
@QuarkusTest
@QuarkusTestResource(TestServers.class)
class BlockedApplicationTest {

    private static final Logger CHECKER =
            Logger.getLogger("io.vertx.core.impl.BlockedThreadChecker");

    private final Vertx vertx;
    private final Queue<String> reports = new ConcurrentLinkedQueue<>();
    private final Handler own = new Reports();
    private List<Handler> watchers = List.of();

    BlockedApplicationTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @BeforeEach
    void replaceWatchers() {
        watchers = List.of(CHECKER.getHandlers());
        watchers.forEach(CHECKER::removeHandler);
        CHECKER.addHandler(own);
    }

    @AfterEach
    void restoreWatchers() {
        CHECKER.removeHandler(own);
        watchers.forEach(CHECKER::addHandler);
    }

    @Test
    void an_event_loop_of_the_application_that_does_not_come_back_is_reported() {
        CountDownLatch seen = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        vertx.runOnContext(
                _ -> {
                    BlockedThreadsTest.waitFor(seen);
                    released.countDown();
                });

        try {
            await().until(() -> !reports.isEmpty());
        } finally {
            seen.countDown();
            BlockedThreadsTest.waitFor(released);
        }
    }

    @Test
    void the_extension_listens_to_the_same_logger() {
        assertTrue(
                watchers.stream()
                        .map(watcher -> watcher.getClass().getName())
                        .anyMatch(name -> name.startsWith(BlockedThreads.class.getName())),
                () -> Arrays.toString(watchers.toArray()));
    }

    private final class Reports extends Handler {

        @Override
        public void publish(LogRecord logged) {
            reports.add(logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
