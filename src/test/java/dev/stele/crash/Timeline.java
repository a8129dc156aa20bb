package dev.stele.crash;

import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The time that a trial takes, from when it is made, and what happened when. */
final class Timeline {

    private final int seconds;
    private final long began = System.nanoTime();
    private final StringJoiner story = new StringJoiner(", ");

    Timeline(int seconds) {
        this.seconds = seconds;
    }

    /** How long it is. */
    int seconds() {
        return seconds;
    }

    /** Does something so many seconds after the beginning, or at once when that is over. */
    void at(double seconds, String what, Runnable action) {
        long millis = Math.round((seconds - now()) * 1_000);
        CompletableFuture.runAsync(
                        () -> {
                            story.add("%s after %.1f s".formatted(what, now()));
                            action.run();
                        },
                        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                .join();
    }

    void awaitEnd() {
        at(seconds, "over", () -> {});
    }

    boolean isOver() {
        return now() > seconds;
    }

    /** Seconds since the beginning. */
    double now() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** What happened when. */
    @Override
    public String toString() {
        return story.toString();
    }
}
