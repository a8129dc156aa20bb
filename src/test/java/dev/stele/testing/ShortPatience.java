package dev.stele.testing;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * Makes Vert.x complain of event loops sooner than it usually does. A second is long for whatever
 * belongs on an event loop, and short for whatever waits there; loading classes on a busy machine
 * takes less.
 */
@Singleton
public class ShortPatience implements VertxOptionsCustomizer {

    private static final int LONGEST_MILLIS = 1_000;
    private static final int INTERVAL_MILLIS = 100;

    @Override
    public void accept(VertxOptions options) {
        options.setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(LONGEST_MILLIS)
                .setWarningExceptionTimeUnit(TimeUnit.MILLISECONDS)
                .setWarningExceptionTime(LONGEST_MILLIS)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(INTERVAL_MILLIS);
    }
}
