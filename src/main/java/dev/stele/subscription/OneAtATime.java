package dev.stele.subscription;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Work that is done one at a time: who asks for it meanwhile has it done once more, behind. */
final class OneAtATime {

    private final Supplier<Uni<Void>> work;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean onceMore = new AtomicBoolean();

    OneAtATime(Supplier<Uni<Void>> work) {
        this.work = work;
    }

    /** Done when the work is, or, if it is under way already, at once. */
    Uni<Void> run() {
        return Uni.createFrom().deferred(this::runUnlessUnderWay);
    }

    private Uni<Void> runUnlessUnderWay() {
        if (!underWay.compareAndSet(false, true)) {
            onceMore.set(true);
            // Whoever has just ended did not see it.
            return underWay.get() || !onceMore.getAndSet(false)
                    ? Uni.createFrom().voidItem()
                    : runUnlessUnderWay();
        }
        return work.get()
                .onTermination()
                .invoke(() -> underWay.set(false))
                .chain(
                        () ->
                                onceMore.getAndSet(false)
                                        ? runUnlessUnderWay()
                                        : Uni.createFrom().voidItem());
    }
}
