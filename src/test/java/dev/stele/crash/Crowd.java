package dev.stele.crash;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Clients at work, all at once, until it is enough. */
final class Crowd implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private final Map<URI, LongAdder> acknowledgements = new ConcurrentHashMap<>();
    private volatile boolean enough;

    /** One more, who does this again and again. */
    void start(Runnable work) {
        running.add(
                CompletableFuture.runAsync(
                        () -> {
                            while (!enough) {
                                work.run();
                            }
                        },
                        task -> Thread.ofVirtual().start(task)));
    }

    /** A replica acknowledged one more append. */
    void acknowledgedBy(URI replica) {
        acknowledgementsOf(replica).increment();
    }

    /** Waits until a replica has acknowledged more than can be on its way at this moment. */
    void awaitProgress(URI replica) {
        LongAdder acknowledged = acknowledgementsOf(replica);
        long wanted = acknowledged.sum() + running.size() + 1;
        await("progress of " + replica)
                .pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> failed() || acknowledged.sum() >= wanted);
    }

    private LongAdder acknowledgementsOf(URI replica) {
        return acknowledgements.computeIfAbsent(replica, _ -> new LongAdder());
    }

    /** Whether one has met a bug: {@link #close} says which. */
    private boolean failed() {
        return running.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    /** Lets each end what it is about; fails when one has met a bug. */
    @Override
    public void close() {
        enough = true;
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    }
}
