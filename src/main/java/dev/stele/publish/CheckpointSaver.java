package dev.stele.publish;

import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Lease;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Saves how far the publications of this replica are, all together and at most once per interval,
 * beside their work: a transaction per slice would cost more than the records. What was published
 * since the last save is published again after a crash, as at-least-once delivery allows.
 */
@ApplicationScoped
class CheckpointSaver {

    private final Checkpoints checkpoints;
    private final PublicationConfig config;

    /** The newest one of each subscription that is not saved yet. */
    private final Map<String, Lease> unsaved = new ConcurrentHashMap<>();

    /** The epochs whose right was found lost, by subscription. */
    private final Map<String, Long> fenced = new ConcurrentHashMap<>();

    private final AtomicBoolean saving = new AtomicBoolean();

    CheckpointSaver(Checkpoints checkpoints, PublicationConfig config) {
        this.checkpoints = checkpoints;
        this.config = config;
    }

    /** Whether a save found that another replica has the lease. */
    boolean isFenced(Lease lease) {
        Long epoch = fenced.get(lease.subscription());
        return epoch != null && epoch == lease.epoch();
    }

    /** Everything up to the checkpoint of {@code reached} is acknowledged: saved soon. */
    void reached(Lease reached) {
        unsaved.put(reached.subscription(), reached);
        if (saving.compareAndSet(false, true)) {
            saveNext();
        }
    }

    /** Saves what is not saved yet. */
    Uni<Void> flush() {
        List<Lease> last = new ArrayList<>();
        for (String name : Set.copyOf(unsaved.keySet())) {
            Lease lease = unsaved.remove(name);
            if (lease != null) {
                last.add(lease);
            }
        }
        return last.isEmpty() ? Uni.createFrom().voidItem() : save(last);
    }

    private void saveNext() {
        if (unsaved.isEmpty()) {
            saving.set(false);
            // Whoever came between the two lines found the flag set and relies on this.
            if (unsaved.isEmpty() || !saving.compareAndSet(false, true)) {
                return;
            }
        }
        flush().onItem()
                .delayIt()
                .by(config.checkpointInterval())
                .subscribe()
                .with(_ -> saveNext());
    }

    /** A save that fails is tried again after the interval, unless a later one is due by then. */
    private Uni<Void> save(List<Lease> leases) {
        return checkpoints
                .advance(leases)
                .invoke(held -> noteFenced(leases, held))
                .replaceWithVoid()
                .onFailure()
                .invoke(
                        () ->
                                leases.forEach(
                                        each -> unsaved.putIfAbsent(each.subscription(), each)))
                .onFailure()
                .recoverWithNull();
    }

    private void noteFenced(List<Lease> leases, Set<String> held) {
        for (Lease each : leases) {
            if (!held.contains(each.subscription())) {
                fenced.put(each.subscription(), each.epoch());
            }
        }
    }
}
