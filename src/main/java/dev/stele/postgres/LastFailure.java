package dev.stele.postgres;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How the database failed somebody last, until it works again for them. */
public final class LastFailure {

    private final AtomicReference<@Nullable Failure> current = new AtomicReference<>();

    /**
     * A failure that is not over.
     *
     * @param since when the first one came since it last worked
     * @param state its SQLSTATE; empty when it was not the server that failed
     * @param message one line, with the SQLSTATE
     */
    public record Failure(Instant since, String state, String message) {}

    /** It failed. */
    public void met(Throwable failure) {
        Failure met =
                new Failure(
                        Instant.now(),
                        DatabaseFailure.state(failure),
                        DatabaseFailure.describe(failure));
        current.updateAndGet(
                before ->
                        before == null
                                ? met
                                : new Failure(before.since(), met.state(), met.message()));
    }

    /** It works. */
    public void over() {
        // Most often there is nothing to forget, and reading is cheaper than writing.
        if (current.get() != null) {
            current.set(null);
        }
    }

    /** The failure that is not over; empty while it works. */
    public Optional<Failure> current() {
        return Optional.ofNullable(current.get());
    }
}
