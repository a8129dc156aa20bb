package dev.stele.view;

import dev.stele.definition.Programs;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.job.Jobs;
import dev.stele.log.EventLog;
import dev.stele.subscription.Slice;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One check of a version: its keys in ranges, each small enough for memory. The entries of a range
 * are read with the checkpoint that they are the fold up to, then its keys are folded from the log
 * up to just there, and compared.
 */
final class Verification {

    private static final Logger LOG = Logger.getLogger(Verification.class);

    private final ViewName name;
    private final VerifyTable.Live version;
    private final CompiledView view;
    private final Tools tools;
    private final Findings findings;
    private final Deque<KeyRange> ranges = new ArrayDeque<>();
    private double share = 1;
    private double done;
    private double told;
    private @Nullable Part part;
    private Jobs.@Nullable Outcome outcome;

    Verification(ViewName name, VerifyTable.Live version, CompiledView view, Tools tools) {
        this.name = name;
        this.version = version;
        this.view = view;
        this.tools = tools;
        this.findings = new Findings(version.number(), tools.config().verify());
    }

    /** What every check needs. */
    record Tools(VerifyTable table, EventLog log, Programs programs, ViewConfig config) {}

    /** A range of which the entries are read. */
    private record Part(
            KeyRange keys, GlobalPosition end, Map<String, Refold.State> entries, Refold refold) {

        double progress() {
            return end.value() == 0 ? 1 : (double) refold.reached().value() / end.value();
        }
    }

    /**
     * Checks so many keys, or all.
     *
     * @param progress is told how far it is
     */
    Uni<Jobs.Outcome> run(OptionalInt sample, DoubleConsumer progress) {
        return begin(sample)
                .chain(
                        () ->
                                Multi.createBy()
                                        .repeating()
                                        .uni(() -> step(progress))
                                        .whilst(more -> more)
                                        .onItem()
                                        .ignoreAsUni())
                .chain(this::finish);
    }

    private Uni<Void> begin(OptionalInt sample) {
        if (sample.isEmpty()) {
            ranges.add(KeyRange.ALL);
            return Uni.createFrom().voidItem();
        }
        KeyRange anywhere = KeyRange.from(ThreadLocalRandom.current().nextLong());
        return tools.table()
                .sample(version.id(), anywhere, sample.getAsInt())
                .invoke(
                        keys -> {
                            ranges.add(keys);
                            share = keys.share();
                        })
                .replaceWithVoid();
    }

    /** Reads the next range, or folds the next slice; whether there is more to do. */
    private Uni<Boolean> step(DoubleConsumer progress) {
        Part now = part;
        Uni<Void> step;
        if (now != null) {
            // A range that turns out too large is begun again in halves: that is no way back.
            told = Math.max(told, (done + now.keys().share() * now.progress()) / share);
            progress.accept(told);
            step = now.refold().reached().reached(now.end()) ? compare(now) : fold(now);
        } else {
            step = read(ranges.removeFirst());
        }
        return step.map(_ -> outcome == null && (part != null || !ranges.isEmpty()));
    }

    private Uni<Void> read(KeyRange keys) {
        return tools.table()
                .entries(version.id(), keys)
                .invoke(
                        found -> {
                            switch (found) {
                                case VerifyTable.Found.Gone() -> outcome = gone();
                                case VerifyTable.Found.TooMuch() -> halve(keys);
                                case VerifyTable.Found.Entries(var end, var entries, var out) ->
                                        part = new Part(keys, end, entries, refold(keys, out));
                            }
                        })
                .replaceWithVoid();
    }

    private Refold refold(KeyRange keys, LeftOut leftOut) {
        return new Refold(view, tools.config(), keys, leftOut);
    }

    private void halve(KeyRange keys) {
        if (keys.canBeHalved()) {
            List<KeyRange> halves = keys.halves();
            ranges.addFirst(halves.getLast());
            ranges.addFirst(halves.getFirst());
        } else {
            outcome = new Jobs.Outcome.Failed("one place has more entries than fit into memory");
        }
    }

    private Uni<Void> fold(Part now) {
        GlobalPosition after = now.refold().reached();
        long furthest = after.value() + tools.config().verify().slicePositions();
        GlobalPosition upTo = new GlobalPosition(Math.min(furthest, now.end().value()));
        return tools.log()
                .slice(
                        Landmark.unnamed(after),
                        upTo,
                        view.definition().filter(),
                        tools.config().batchEvents())
                .chain(
                        next ->
                                switch (next) {
                                    case EventLog.Slice slice -> fold(now, slice);
                                    case EventLog.PutBack() ->
                                            Uni.createFrom()
                                                    .item(new Refold.Step.Stuck(Views.RESTORED));
                                })
                .invoke(
                        step -> {
                            switch (step) {
                                case Refold.Step.Went() -> {}
                                case Refold.Step.TooMuch() -> {
                                    part = null;
                                    halve(now.keys());
                                }
                                case Refold.Step.Stuck(var because) ->
                                        outcome = new Jobs.Outcome.Failed(because);
                            }
                        })
                .replaceWithVoid();
    }

    private Uni<Refold.Step> fold(Part now, EventLog.Slice slice) {
        return tools.programs().call(() -> now.refold().fold(Slice.next(slice)));
    }

    private Uni<Void> compare(Part now) {
        findings.compare(now.end(), now.entries(), now.refold().states());
        done += now.keys().share();
        part = null;
        return Uni.createFrom().voidItem();
    }

    private Uni<Jobs.Outcome> finish() {
        Jobs.Outcome failed = outcome;
        if (failed != null) {
            return Uni.createFrom().item(failed);
        }
        if (findings.different() > 0) {
            LOG.errorf(
                    "version %d of view %s is not exact: %d of %d keys have another entry than"
                            + " their fold",
                    version.number(), name, findings.different(), findings.checked());
        }
        return tools.table()
                .save(version.id(), findings)
                .map(saved -> saved ? new Jobs.Outcome.Done(findings.json()) : gone());
    }

    private Jobs.Outcome gone() {
        return new Jobs.Outcome.Failed(
                "version %d of view %s is gone: it was changed or deleted meanwhile"
                        .formatted(version.number(), name));
    }
}
