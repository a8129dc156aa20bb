package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.log.EventLog;

/** From where a publication goes on, when PostgreSQL and Kafka each have a checkpoint of it. */
final class WhereToGoOn {

    private WhereToGoOn() {}

    /**
     * The further one: Kafka's came with the records; PostgreSQL's is further when records were
     * sent without transactions before, or when the last events made none.
     *
     * @throws IllegalStateException when the log ends before what is in Kafka
     */
    static GlobalPosition furthest(
            EventLog.Identity identity, GlobalPosition inPostgres, GlobalPosition inKafka) {
        if (!identity.head().reached(inKafka)) {
            throw new IllegalStateException(
                    "Kafka has events up to position %s, and the log ends at %s: it was restored to an earlier state"
                            .formatted(inKafka, identity.head()));
        }
        return GlobalPosition.later(inPostgres, inKafka);
    }
}
