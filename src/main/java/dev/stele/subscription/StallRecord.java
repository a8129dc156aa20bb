package dev.stele.subscription;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps in the subscription's row why it does not move, and takes it back when it does. */
final class StallRecord {

    private static final Logger LOG = Logger.getLogger(StallRecord.class);

    private final Checkpoints checkpoints;
    private volatile @Nullable String last;

    /** Whether the row may name an error: of an earlier owner, until something was cleared. */
    private volatile boolean recorded = true;

    StallRecord(Checkpoints checkpoints) {
        this.checkpoints = checkpoints;
    }

    /** A lease begins: the row may name an error of whoever had the one before. */
    void begin() {
        recorded = true;
    }

    /** Records why it does not move; the service's log gets one line for each reason. */
    Uni<Void> note(Lease lease, String error) {
        if (!Objects.equals(error, last)) {
            LOG.warnf("%s does not move: %s", lease.subscription(), error);
            last = error;
        }
        recorded = true;
        return checkpoints.saveError(lease, error).onFailure().recoverWithNull();
    }

    /** Takes the recorded error back, once it moves again. */
    Uni<Void> clear(Lease lease) {
        if (!recorded) {
            return Uni.createFrom().voidItem();
        }
        return checkpoints
                .saveError(lease, null)
                .invoke(
                        () -> {
                            recorded = false;
                            last = null;
                        });
    }

    /** Says so when work takes long, e.g. because a broker is away; waits all the same. */
    <T> Uni<T> watch(Lease lease, Uni<T> work, Duration limit) {
        Cancellable watch =
                Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(limit)
                        .chain(() -> note(lease, "no answer for " + limit))
                        .subscribe()
                        .with(_ -> {}, _ -> {});
        return work.onTermination().invoke(watch::cancel);
    }
}
