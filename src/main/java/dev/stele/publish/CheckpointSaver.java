package dev.stele.publish;

import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Lease;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Saves how far a publication is, at most once per interval, beside its work: a transaction per
 * slice would cost more than the records. What was published since the last save is published again
 * after a crash, as at-least-once delivery allows.
 */
final class CheckpointSaver {

    private static final long NONE = -1;

    private final Checkpoints checkpoints;
    private final Duration interval;
    private final AtomicReference<@Nullable Lease> unsaved = new AtomicReference<>();
    private final AtomicBoolean saving = new AtomicBoolean();
    private volatile long fencedEpoch = NONE;

    CheckpointSaver(Checkpoints checkpoints, Duration interval) {
        this.checkpoints = checkpoints;
        this.interval = interval;
    }

    /** Whether a save found that another replica has the lease. */
    boolean isFenced(Lease lease) {
        return lease.epoch() == fencedEpoch;
    }

    /** Everything up to the checkpoint of {@code reached} is acknowledged: saved soon. */
    void reached(Lease reached) {
        unsaved.set(reached);
        if (saving.compareAndSet(false, true)) {
            saveNext();
        }
    }

    /** Saves what is not saved yet. */
    Uni<Void> flush() {
        Lease last = unsaved.getAndSet(null);
        return last == null ? Uni.createFrom().voidItem() : save(last);
    }

    private void saveNext() {
        if (unsaved.get() == null) {
            saving.set(false);
            // Whoever came between the two lines found the flag set and relies on this.
            if (unsaved.get() == null || !saving.compareAndSet(false, true)) {
                return;
            }
        }
        flush().onItem().delayIt().by(interval).subscribe().with(_ -> saveNext());
    }

    /** A save that fails is tried again after the interval, unless a later one is due by then. */
    private Uni<Void> save(Lease lease) {
        return checkpoints
                .advance(lease)
                .invoke(held -> fencedEpoch = held ? fencedEpoch : lease.epoch())
                .replaceWithVoid()
                .onFailure()
                .invoke(() -> unsaved.compareAndSet(null, lease))
                .onFailure()
                .recoverWithNull();
    }
}
