package dev.stele.subscription;

import dev.stele.postgres.Schema;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks between the rounds of the leases whether one was given back, so that what another replica
 * ran goes on here in a fraction of a second when that one ends. One that has all leases does not
 * look; and a look costs a read, where a round writes.
 */
@ApplicationScoped
class ReturnedLeases {

    private static final Logger LOG = Logger.getLogger(ReturnedLeases.class);

    private final Schema schema;
    private final LeaseKeeper keeper;
    private final LeaseTable leases;
    private final SubscriptionConfig config;
    private @Nullable Cancellable looks;

    ReturnedLeases(
            Schema schema, LeaseKeeper keeper, LeaseTable leases, SubscriptionConfig config) {
        this.schema = schema;
        this.keeper = keeper;
        this.leases = leases;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        looks =
                schema.rounds(this::look, config.leaseLook())
                        .subscribe()
                        .with(_ -> {}, bug -> LOG.error("returned leases are not seen", bug));
    }

    void stop(@Observes ShutdownEvent event) {
        if (looks != null) {
            looks.cancel();
        }
    }

    /** A failure is for the next look. */
    private Uni<Void> look() {
        List<String> idle = keeper.idle();
        return idle.isEmpty()
                ? Uni.createFrom().voidItem()
                : leases.isReturned(idle)
                        .chain(returned -> returned ? keeper.round() : Uni.createFrom().voidItem())
                        .onFailure()
                        .recoverWithNull();
    }
}
