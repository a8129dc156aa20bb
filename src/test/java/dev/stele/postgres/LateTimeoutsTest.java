package dev.stele.postgres;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LateTimeoutsTest {

    private static final StackTraceElement OF_THE_POOL =
            new StackTraceElement(
                    "io.vertx.sqlclient.impl.pool.SqlConnectionPool",
                    "lambda$execute$3",
                    "SqlConnectionPool.java",
                    216);
    private static final StackTraceElement OF_OURS =
            new StackTraceElement("dev.stele.log.Head", "read", "Head.java", 1);

    private final LateTimeouts filter = new LateTimeouts();

    @Test
    void the_pool_s_complaint_about_its_own_timer_is_not_logged() {
        assertFalse(filter.isLoggable(logged("Result is already complete", OF_THE_POOL)));
    }

    @Test
    void the_same_complaint_of_anybody_else_is_logged() {
        assertTrue(filter.isLoggable(logged("Result is already complete", OF_OURS)));
    }

    @Test
    void another_complaint_of_the_pool_is_logged() {
        assertTrue(filter.isLoggable(logged("Pool is closed", OF_THE_POOL)));
    }

    @Test
    void a_line_without_a_failure_is_logged() {
        assertTrue(filter.isLoggable(new LogRecord(Level.INFO, "started")));
    }

    private static LogRecord logged(String message, StackTraceElement place) {
        IllegalStateException failure = new IllegalStateException(message);
        failure.setStackTrace(new StackTraceElement[] {place});
        LogRecord logged = new LogRecord(Level.SEVERE, "Uncaught exception");
        logged.setThrown(failure);
        return logged;
    }
}
