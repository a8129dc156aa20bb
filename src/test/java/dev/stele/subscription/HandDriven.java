package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The work of a subscription, done when the test says so; notes whatever must never be: two steps
 * at once, a step while something is let go of, a step of an older lease.
 */
final class HandDriven implements Subscription.Steps {

    private final List<String> violations = new ArrayList<>();
    private @Nullable Step step;
    private @Nullable UniEmitter<? super Void> release;
    private long newestEpoch;
    private @Nullable Random finisher;

    record Step(Lease lease, Phase phase, UniEmitter<? super Outcome> emitter) {}

    /** Finishes about every other step and release as soon as it begins. */
    synchronized void finishBy(Random random) {
        finisher = random;
    }

    @Override
    public Uni<Outcome> run(Lease lease, Landmark cursor, Phase phase) {
        return Uni.createFrom().emitter(emitter -> begin(new Step(lease, phase, emitter)));
    }

    private void begin(Step begun) {
        boolean atOnce;
        synchronized (this) {
            require(step == null, "two steps at once: %s and %s", step, begun);
            require(release == null, "%s while the lease before is let go of", begun, "");
            require(begun.lease().epoch() >= newestEpoch, "%s after %s", begun, newestEpoch);
            newestEpoch = begun.lease().epoch();
            step = begun;
            atOnce = finisher != null && finisher.nextBoolean();
        }
        begun.emitter().onTermination(() -> ended(begun));
        if (atOnce) {
            finish(outcome(begun.lease(), begun.phase(), Objects.requireNonNull(finisher)));
        }
    }

    private synchronized void ended(Step ended) {
        if (ended.equals(step)) {
            step = null;
        }
    }

    @Override
    public Uni<Void> release(Lease lease) {
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            boolean atOnce;
                            synchronized (this) {
                                require(release == null, "two releases at once%s%s", "", "");
                                require(step == null, "%s while %s is let go of", step, lease);
                                release = emitter;
                                atOnce = finisher != null && finisher.nextBoolean();
                            }
                            if (atOnce) {
                                finishRelease();
                            }
                        });
    }

    private void require(boolean holds, String violation, @Nullable Object a, Object b) {
        if (!holds) {
            violations.add(violation.formatted(a, b));
        }
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized boolean isRunning() {
        return step != null;
    }

    synchronized boolean isReleasing() {
        return release != null;
    }

    synchronized Lease lease() {
        return Objects.requireNonNull(step, "no step is under way").lease();
    }

    synchronized Phase phase() {
        return Objects.requireNonNull(step, "no step is under way").phase();
    }

    synchronized @Nullable Step step() {
        return step;
    }

    void finish(Outcome outcome) {
        UniEmitter<? super Outcome> emitter;
        synchronized (this) {
            emitter = Objects.requireNonNull(step, "no step is under way").emitter();
            step = null;
        }
        emitter.complete(outcome);
    }

    void finishRelease() {
        UniEmitter<? super Void> emitter;
        synchronized (this) {
            emitter = Objects.requireNonNull(release, "nothing is let go of");
            release = null;
        }
        emitter.complete(null);
    }

    /** Lets everything end that has begun. */
    void finishAll() {
        while (isReleasing()) {
            finishRelease();
        }
    }

    /** Something that a step of this phase may come to. */
    static Outcome outcome(Lease lease, Phase phase, Random random) {
        Landmark somewhere = Landmark.unnamed(new GlobalPosition(random.nextInt(100)));
        if (random.nextInt(5) == 0) {
            return random.nextBoolean() ? new Outcome.Failed("chance") : new Outcome.Fenced();
        }
        return switch (phase) {
            case Phase.Resuming _ ->
                    random.nextInt(5) == 0
                            ? new Outcome.LeaseLost()
                            : new Outcome.Resumed(somewhere, random.nextBoolean());
            case Phase.Retrying _ -> new Outcome.Retried(random.nextBoolean());
            case Phase.CatchingUp _ ->
                    random.nextBoolean()
                            ? new Outcome.Moved(somewhere)
                            : new Outcome.AtHead(somewhere);
            case Phase.Live _ -> new Outcome.Woken(somewhere);
            case Phase.Pausing _ ->
                    random.nextInt(5) == 0
                            ? new Outcome.LeaseLost()
                            : new Outcome.Reread(
                                    new Lease(lease.subscription(), lease.epoch()), somewhere);
        };
    }
}
