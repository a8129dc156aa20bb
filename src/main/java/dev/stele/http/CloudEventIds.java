package dev.stele.http;

import dev.stele.event.Append;
import dev.stele.event.EventId;
import dev.stele.event.NewEvent;
import dev.stele.event.Payload;
import dev.stele.json.CloudEventIdentity;
import dev.stele.log.StoredMetadata;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells CloudEvents apart that have one UUID as their id, and different sources: the first one has
 * it as its event's id, all others a derived one. Which was the first never changes, so a repeat
 * comes to the same.
 */
@ApplicationScoped
class CloudEventIds {

    private final StoredMetadata metadata;

    CloudEventIds(StoredMetadata metadata) {
        this.metadata = metadata;
    }

    /**
     * An append that was refused, for ids of its events are in the log, with other ids where those
     * are of other CloudEvents; empty when none is.
     */
    Uni<Optional<Append>> apart(Append refused) {
        List<EventId> ids =
                refused.events()
                        .filter(event -> CloudEventIdentity.of(event.metadata()).isPresent())
                        .map(NewEvent::id)
                        .toList();
        if (ids.isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        return metadata.of(ids)
                .map(held -> refused.with(event -> apart(event, held)))
                .map(apart -> apart.equals(refused) ? Optional.empty() : Optional.of(apart));
    }

    private static NewEvent apart(NewEvent event, Map<EventId, Optional<Payload>> held) {
        Optional<Payload> other = held.get(event.id());
        Optional<CloudEventIdentity> own = CloudEventIdentity.of(event.metadata());
        if (other == null || own.isEmpty() || own.get().isOf(other.orElse(null))) {
            return event;
        }
        return event.withId(own.get().apart());
    }
}
