package dev.stele.http;

import dev.stele.event.EventIds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/** The one maker of ids. Its randomness is seeded at run time, not while the image is built. */
@ApplicationScoped
class EventIdsProducer {

    @Produces
    @Singleton
    EventIds eventIds() {
        return new EventIds(Clock.systemUTC(), new SecureRandom());
    }
}
