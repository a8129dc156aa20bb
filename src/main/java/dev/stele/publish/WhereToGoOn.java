package dev.stele.publish;

import dev.stele.event.Landmark;
import dev.stele.log.Sighting;
import java.util.Optional;

/** From where a publication goes on, when PostgreSQL and Kafka each have a checkpoint of it. */
sealed interface WhereToGoOn {

    /** Behind this event. */
    record Behind(Landmark checkpoint) implements WhereToGoOn {}

    /** Nowhere, until somebody says so: the topic has events that the log has no longer. */
    record Nowhere(Sighting.Gone gone) implements WhereToGoOn {}

    /**
     * Behind the further one: Kafka's came with the records; PostgreSQL's is further when records
     * were sent without transactions before, or when the last events made none.
     *
     * <p>Kafka's alone decides whether the log was put back: what PostgreSQL says of what is sent
     * may be gone, as well.
     */
    static WhereToGoOn of(Sighting inPostgres, Optional<Sighting> inKafka) {
        return switch (inKafka.orElse(inPostgres)) {
            case Sighting.Gone gone -> new Nowhere(gone);
            case Sighting.There(var sent) ->
                    new Behind(
                            switch (inPostgres) {
                                case Sighting.There(var stored) -> Landmark.later(sent, stored);
                                case Sighting.Gone _ -> sent;
                            });
        };
    }
}
