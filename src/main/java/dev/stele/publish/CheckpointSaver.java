package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Checkpoints.Reached;
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
 * beside their work: a transaction per slice would cost more than the records. It is for display:
 * how far they are, Kafka says.
 */
@ApplicationScoped
class CheckpointSaver {

    private final Checkpoints checkpoints;
    private final PublicationConfig config;

    /** The newest one of each subscription that is not saved yet. */
    private final Map<String, Reached> unsaved = new ConcurrentHashMap<>();

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

    /** Everything up to the event is acknowledged: saved soon. */
    void reached(Lease lease, Landmark event) {
        unsaved.put(
                lease.subscription(),
                // What is in Kafka is there, whatever PostgreSQL has lost.
                new Reached(lease, GlobalPosition.BEGINNING, event));
        if (saving.compareAndSet(false, true)) {
            saveNext();
        }
    }

    /** Saves what is not saved yet. */
    Uni<Void> flush() {
        List<Reached> last = new ArrayList<>();
        for (String name : Set.copyOf(unsaved.keySet())) {
            Reached reached = unsaved.remove(name);
            if (reached != null) {
                last.add(reached);
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
    private Uni<Void> save(List<Reached> reached) {
        return checkpoints
                .advance(reached)
                .invoke(held -> noteFenced(reached, held))
                .replaceWithVoid()
                .onFailure()
                .invoke(
                        () ->
                                reached.forEach(
                                        each ->
                                                unsaved.putIfAbsent(
                                                        each.lease().subscription(), each)))
                .onFailure()
                .recoverWithNull();
    }

    private void noteFenced(List<Reached> reached, Set<String> held) {
        for (Reached each : reached) {
            String name = each.lease().subscription();
            if (!held.contains(name)) {
                fenced.put(name, each.lease().epoch());
            }
        }
    }
}
