package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Moves the checkpoint of a subscription over events that do not concern it, for somebody who waits
 * for it. Whoever runs the subscription does so only now and then: it has nothing else to write.
 */
@ApplicationScoped
public class Passage {

    private final EventLog log;
    private final Head head;
    private final Checkpoints checkpoints;
    private final SubscriptionConfig config;

    Passage(EventLog log, Head head, Checkpoints checkpoints, SubscriptionConfig config) {
        this.log = log;
        this.head = head;
        this.checkpoints = checkpoints;
        this.config = config;
    }

    /**
     * Moves the checkpoint as far as it is wanted, if no event on the way concerns the
     * subscription. Never beyond the log's head: what comes there is not known.
     *
     * @param filter what concerns the subscription
     * @param checkpoint where it is
     * @return where it is then
     */
    public Uni<GlobalPosition> pass(
            String subscription,
            EventFilter filter,
            GlobalPosition checkpoint,
            GlobalPosition wanted) {
        Uni<GlobalPosition> newest =
                head.known().reached(wanted) ? Uni.createFrom().item(head.known()) : head.read();
        return newest.chain(
                known -> {
                    long furthest =
                            Math.min(
                                    Math.min(known.value(), wanted.value()),
                                    checkpoint.value() + config.sliceMaxPositions());
                    return furthest <= checkpoint.value()
                            ? Uni.createFrom().item(checkpoint)
                            : passTo(
                                    subscription, filter, checkpoint, new GlobalPosition(furthest));
                });
    }

    private Uni<GlobalPosition> passTo(
            String subscription,
            EventFilter filter,
            GlobalPosition checkpoint,
            GlobalPosition furthest) {
        return log.slice(Landmark.unnamed(checkpoint), furthest, filter, 1)
                .chain(
                        next ->
                                next instanceof EventLog.Slice(var events, var end)
                                                && events.isEmpty()
                                        ? checkpoints
                                                .advanceUnmatched(subscription, checkpoint, end)
                                                .replaceWith(furthest)
                                        : Uni.createFrom().item(checkpoint));
    }
}
