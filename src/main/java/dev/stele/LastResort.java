package dev.stele;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Ends the process some time after it was told to end, should it still be there: a replica that
 * hangs in its end is of no use to anybody, and nothing is lost that was acknowledged.
 */
@ApplicationScoped
class LastResort {

    private static final Logger LOG = Logger.getLogger(LastResort.class);

    /** As of a process that was killed. */
    private static final int KILLED = 137;

    /** From the signal to here, and from here to the end of the process, on a busy machine. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private final EndConfig config;

    LastResort(EndConfig config) {
        this.config = config;
    }

    /** Before whatever else belongs to the end. Elsewhere than in production, others live on. */
    void arm(
            @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE)
                    ShutdownDelayInitiatedEvent event) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            Thread.ofPlatform().daemon().name("last-resort").start(this::await);
        }
    }

    private void await() {
        long end = System.nanoTime() + config.timeout().minus(margin()).toNanos();
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        LOG.warnf("not ended in %s, given up; what was acknowledged is safe", config.timeout());
        Runtime.getRuntime().halt(KILLED);
    }

    private Duration margin() {
        Duration half = config.timeout().dividedBy(2);
        return half.compareTo(MARGIN) < 0 ? half : MARGIN;
    }
}
