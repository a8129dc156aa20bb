package dev.stele.postgres;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Says why connections are thrown away: one line for all that go in the same minute. */
final class ConnectionTroubles {

    private static final Logger LOG = Logger.getLogger(ConnectionTroubles.class);
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<String, Long> toldAt = new ConcurrentHashMap<>();

    void tell(String why) {
        long now = System.nanoTime();
        toldAt.compute(
                why,
                (_, before) -> {
                    if (before != null && now - before < PAUSE_NANOS) {
                        return before;
                    }
                    LOG.warnf("a connection to PostgreSQL is closed, another one is made: %s", why);
                    return now;
                });
    }
}
