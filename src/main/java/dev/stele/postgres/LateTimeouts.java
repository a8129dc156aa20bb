package dev.stele.postgres;

import io.quarkus.logging.LoggingFilter;
import java.util.Arrays;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one harmless stack trace out of the log. When the database refuses a connection, the pool
 * of the reactive client answers at once but forgets its timer, which finds an answered request
 * half a minute later and complains: once for each request that was sent while the database was
 * away.
 */
@LoggingFilter(name = "late-timeouts")
public final class LateTimeouts implements Filter {

    private static final String POOL = "io.vertx.sqlclient.impl.pool.SqlConnectionPool";
    private static final String COMPLAINT = "Result is already complete";

    @Override
    public boolean isLoggable(LogRecord logged) {
        return !isLateTimeout(logged.getThrown());
    }

    private static boolean isLateTimeout(@Nullable Throwable failure) {
        return failure instanceof IllegalStateException
                && COMPLAINT.equals(failure.getMessage())
                && Arrays.stream(failure.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(POOL));
    }
}
