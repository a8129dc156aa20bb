package dev.stele.job;

import java.time.Instant;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a job is doing.
 *
 * @param kind what is done
 * @param subject what it is done to
 * @param progress from 0 to 1
 * @param seconds since it was started
 * @param because why it failed, if it did
 * @param result what it found, if it is done: a JSON object
 */
public record Job(
        UUID id,
        String kind,
        String subject,
        State state,
        double progress,
        double seconds,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String because,
        @Nullable String result) {

    /** What it does. */
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /** The time until it is done, at the speed of so far. */
    public OptionalDouble etaSeconds() {
        return state == State.RUNNING && progress > 0
                ? OptionalDouble.of(seconds * (1 - progress) / progress)
                : OptionalDouble.empty();
    }
}
