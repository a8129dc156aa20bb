package dev.stele.subscription;

import dev.stele.postgres.Schema;
import dev.stele.subscription.Checkpoints.Reached;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Saves in rounds how far the subscriptions are that wait at the tail while the log goes on without
 * concerning them: one statement for all of them.
 */
@ApplicationScoped
class RestingCheckpoints {

    private static final Logger LOG = Logger.getLogger(RestingCheckpoints.class);

    private final Schema schema;
    private final Tail tail;
    private final Checkpoints checkpoints;
    private final SubscriptionConfig config;

    /** What was saved last, by subscription. */
    private final Map<String, Reached> saved = new ConcurrentHashMap<>();

    private @Nullable Cancellable rounds;

    RestingCheckpoints(
            Schema schema, Tail tail, Checkpoints checkpoints, SubscriptionConfig config) {
        this.schema = schema;
        this.tail = tail;
        this.checkpoints = checkpoints;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        rounds =
                schema.rounds(this::save, config.unmatchedInterval())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("checkpoints are no longer saved", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.cancel();
        }
    }

    /** A failure is for the next round. */
    private Uni<Void> save() {
        List<Reached> resting = tail.resting();
        saved.keySet()
                .retainAll(resting.stream().map(each -> each.lease().subscription()).toList());
        List<Reached> moved =
                resting.stream()
                        .filter(each -> !each.equals(saved.get(each.lease().subscription())))
                        .toList();
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return checkpoints
                .advance(moved)
                .invoke(held -> moved.forEach(each -> saved(each, held)))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private void saved(Reached moved, Set<String> held) {
        String name = moved.lease().subscription();
        if (held.contains(name)) {
            saved.put(name, moved);
        } else {
            tail.fence(moved.lease());
        }
    }
}
