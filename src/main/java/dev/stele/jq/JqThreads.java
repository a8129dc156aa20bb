package dev.stele.jq;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Where programs run: platform threads whose stacks are deep enough for {@code maxDepth}.
 *
 * <p>Work that finds the queue full is refused, so that a slow program cannot pile up memory.
 */
public final class JqThreads implements AutoCloseable {
    private static final long STACK_BYTES = 16L << 20;
    private static final long SECONDS_TO_FINISH = 1;

    private final ThreadPoolExecutor executor;

    public JqThreads(int threads, int maxQueued) {
        executor =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(maxQueued),
                        named(new AtomicInteger()));
    }

    private static ThreadFactory named(AtomicInteger count) {
        return task -> {
            String name = "jq-" + count.incrementAndGet();
            Thread thread = new Thread(null, task, name, STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Any work around programs; fails with {@link RejectedExecutionException} when it is full. */
    public <T> CompletableFuture<T> call(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Takes nothing more, drops what waits, and gives what runs a moment: nobody wants results any
     * more, and the threads keep no process from its end.
     */
    @Override
    public void close() {
        executor.shutdown();
        executor.getQueue().clear();
        try {
            if (!executor.awaitTermination(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
