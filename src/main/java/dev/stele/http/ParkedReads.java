package dev.stele.http;

import dev.stele.view.ParkedEntry;
import dev.stele.view.ViewName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;

/**
 * Reads of parked keys that want to see more: they wait while the key is being tried again, some at
 * once, and are told what to do when it is not.
 */
@ApplicationScoped
class ParkedReads {

    private final HttpConfig config;
    private final OrderlyEnd end;
    private final Semaphore places;

    ParkedReads(HttpConfig config, OrderlyEnd end) {
        this.config = config;
        this.end = end;
        this.places = new Semaphore(config.parkedWaiters());
    }

    /** A pause between two looks; false, and at once, when too many have one. */
    Uni<Boolean> pause() {
        return Uni.createFrom()
                .deferred(
                        () ->
                                places.tryAcquire()
                                        ? end.orEnd(pauseInPlace())
                                        : Uni.createFrom().item(false));
    }

    private Uni<Boolean> pauseInPlace() {
        return Uni.createFrom()
                .item(true)
                .onItem()
                .delayIt()
                .by(config.parkedPoll())
                .onTermination()
                .invoke(() -> places.release());
    }

    /** Why a read cannot see more, and what its reader can do. */
    static String because(ViewName view, ParkedEntry parked) {
        String todo =
                parked.retrying()
                        ? "it is being tried again"
                        : "have it tried again (POST /v1/views/%1$s/parked/%2$s/retry), or the event left out (…/skip)"
                                .formatted(view, PathNames.encode(parked.key()));
        return parked.because() + "; " + todo;
    }
}
