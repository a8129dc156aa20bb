package dev.stele.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test during which an event loop was blocked.
 *
 * <p>Vert.x looks at its event loops all the time and logs those that do not come back ({@link
 * ShortPatience} says when). What is logged counts from the first test of a class to its last: an
 * application that starts or stops may block.
 *
 * <p>JUnit finds it by itself ({@code META-INF/services}), so that no test can forget it.
 */
public final class BlockedThreads
        implements BeforeTestExecutionCallback, AfterEachCallback, AfterAllCallback {

    // Kept, or the log manager might drop it together with the handler.
    private static final Logger CHECKER =
            Logger.getLogger("io.vertx.core.impl.BlockedThreadChecker");
    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();
    private static volatile boolean watching;

    static {
        CHECKER.addHandler(new Reporter());
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        watch(true);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        requireNone();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        watch(false);
        requireNone();
    }

    static void watch(boolean wanted) {
        watching = wanted;
    }

    static void requireNone() {
        List<String> reports = take();
        if (!reports.isEmpty()) {
            throw new AssertionError("An event loop was blocked: " + String.join("; ", reports));
        }
    }

    /** What was reported since the last call. */
    static List<String> take() {
        List<String> reports = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            reports.add(report);
        }
        return reports;
    }

    private static final class Reporter extends Handler {

        @Override
        public void publish(LogRecord logged) {
            if (watching) {
                Throwable where = logged.getThrown();
                REPORTS.add(
                        where == null
                                ? logged.getMessage()
                                : logged.getMessage() + " at " + List.of(where.getStackTrace()));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
