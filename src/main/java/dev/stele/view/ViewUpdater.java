package dev.stele.view;

import dev.stele.definition.Programs;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.log.Sighting;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Handled;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Parking;
import dev.stele.subscription.ParkingChange;
import dev.stele.subscription.Slice;
import dev.stele.subscription.Subscriber;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Folds the events of the log into the entries of one version of a view. */
final class ViewUpdater implements Subscriber {

    private static final Logger LOG = Logger.getLogger(ViewUpdater.class);

    private final int viewId;
    private final CompiledView view;
    private final Tools tools;
    private volatile @Nullable Pace pace;

    /** Why its entries are not the fold, if so. It is in the database as well, for the others. */
    private volatile @Nullable String inexact;

    ViewUpdater(int viewId, CompiledView view, Tools tools) {
        this.viewId = viewId;
        this.view = view;
        this.tools = tools;
    }

    /** What every updater needs. */
    record Tools(
            EntryTable entries,
            Checkpoints checkpoints,
            Programs programs,
            Progress progress,
            Rebuild rebuild,
            ViewConfig config) {}

    /** Is told of every checkpoint that moved, before the next slice is read. */
    @FunctionalInterface
    interface Progress {
        Uni<Void> moved(int viewId, GlobalPosition checkpoint);
    }

    /** Has a version built anew that was folded from what is gone. */
    @FunctionalInterface
    interface Rebuild {
        Uni<Void> of(int viewId);
    }

    /** The name of the subscription that feeds a version. */
    static String subscription(int viewId) {
        return "view/" + viewId;
    }

    int viewId() {
        return viewId;
    }

    @Override
    public String name() {
        return subscription(viewId);
    }

    @Override
    public EventFilter filter() {
        return view.definition().filter();
    }

    @Override
    public int batchEvents() {
        return tools.config().batchEvents();
    }

    /** How fast this replica folds; empty when another one does, or nobody. */
    OptionalDouble positionsPerSecond() {
        Pace measured = pace;
        return measured == null ? OptionalDouble.empty() : measured.perSecond(System.nanoTime());
    }

    /**
     * A version whose entries are not the fold, or that of a log that is no more, is not updated
     * any more, by whatever replica.
     */
    @Override
    public Uni<Resumed> resume(Lease lease, Sighting checkpoint) {
        String known = inexact;
        if (known != null) {
            return stop(known).chain(() -> Uni.createFrom().failure(new NotExact(known)));
        }
        return switch (checkpoint) {
            case Sighting.There(var landmark) -> resume(landmark);
            case Sighting.Gone _ -> rebuilt(checkpoint.landmark());
        };
    }

    private Uni<Resumed> resume(Landmark checkpoint) {
        return tools.entries()
                .fit(viewId)
                .chain(
                        fit ->
                                switch (fit) {
                                    case EntryTable.Fit.Yes() ->
                                            Uni.createFrom()
                                                    .item(new Resumed(checkpoint, List.of()));
                                    case EntryTable.Fit.Stale() -> rebuilt(checkpoint);
                                    case EntryTable.Fit.Inexact(var because) ->
                                            Uni.createFrom().failure(new NotExact(because));
                                });
    }

    private Uni<Resumed> rebuilt(Landmark gone) {
        String because =
                "%s: the view has events up to position %s that are gone. It is built anew beside this version, which is read until then"
                        .formatted(Views.RESTORED, gone.position());
        return tools.rebuild()
                .of(viewId)
                .chain(() -> Uni.createFrom().failure(new NotExact(because)));
    }

    /** Tells whoever runs the subscription that there is nothing to go on with. */
    private static final class NotExact extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotExact(String because) {
            super(because);
        }
    }

    @Override
    public Uni<Handled> handle(Lease lease, Slice slice, Parking parking) {
        return tools.programs()
                .call(() -> projection().keyed(slice, parking))
                .chain(batch -> fold(batch, parking))
                .chain(fold -> write(lease, slice, fold, parking))
                .invoke(this::measure);
    }

    /** What was folded, and what it was folded on. */
    private record Fold(Projection.Folded folded, EntryTable.Texts on) {}

    private Uni<Fold> fold(Projection.Batch batch, Parking parking) {
        if (batch.events().isEmpty()) {
            Projection.Folded nothing = new Projection.Folded(Map.of(), batch.end());
            return Uni.createFrom().item(new Fold(nothing, EntryTable.Texts.NONE));
        }
        return tools.entries()
                .load(viewId, batch)
                .chain(
                        texts ->
                                tools.programs()
                                        .call(
                                                () ->
                                                        projection()
                                                                .fold(
                                                                        batch,
                                                                        texts.parsed(),
                                                                        parking))
                                        .map(folded -> new Fold(folded, texts)));
    }

    private Uni<Handled> write(Lease lease, Slice slice, Fold fold, Parking parking) {
        Projection.Folded folded = fold.folded();
        GlobalPosition reached = folded.end().checkpoint();
        Handled handled = handled(folded.end());
        if (!reached.reached(slice.parts().getFirst().event().position())) {
            return Uni.createFrom().item(handled);
        }
        ParkingChange change = parking.upTo(reached);
        Landmark checkpoint = slice.checkpointAt(reached).orElseThrow();
        if (folded.changes().isEmpty() && change.isEmpty()) {
            return tools.checkpoints()
                    .save(lease, slice, checkpoint)
                    .map(held -> held ? handled : new Handled.Fenced());
        }
        return tools.entries()
                .write(lease, viewId, slice, checkpoint, fold.on(), folded.changes(), change)
                .chain(
                        written ->
                                switch (written) {
                                    case EntryTable.Written.Done() ->
                                            Uni.createFrom().item(handled);
                                    case EntryTable.Written.Fenced() ->
                                            Uni.createFrom().item(new Handled.Fenced());
                                    case EntryTable.Written.Inexact(var because) ->
                                            inexact(slice, because);
                                });
    }

    /** Goes on with nothing: to read the entries again would be to trust what is known wrong. */
    private Uni<Handled> inexact(Slice slice, String error) {
        String because =
                "the view is not exact: %s. To rebuild it, change its definition, or delete it and define it again"
                        .formatted(error);
        // Not even the first of the slice is handled.
        long first = slice.parts().getFirst().event().position().value();
        GlobalPosition before = new GlobalPosition(first - 1);
        LOG.errorf("%s at position %d: %s", name(), first, because);
        inexact = because;
        return stop(because).replaceWith(new Handled.Stuck(before, because));
    }

    private Uni<Void> stop(String because) {
        return tools.entries().markInexact(viewId, because);
    }

    private static Handled handled(Projection.End end) {
        String because = end.because();
        return because == null
                ? new Handled.Done(end.checkpoint())
                : new Handled.Stuck(end.checkpoint(), because);
    }

    private void measure(Handled handled) {
        if (handled instanceof Handled.Fenced) {
            pace = null;
        }
    }

    @Override
    public Uni<Void> moved(GlobalPosition checkpoint) {
        Pace measured = pace;
        if (measured == null) {
            pace = new Pace(checkpoint, System.nanoTime());
        } else {
            measured.moved(checkpoint, System.nanoTime());
        }
        return tools.progress().moved(viewId, checkpoint);
    }

    private Projection projection() {
        ViewConfig config = tools.config();
        long end = System.nanoTime() + config.batchTime().toNanos();
        BooleanSupplier outOfTime = () -> System.nanoTime() - end > 0;
        return new Projection(
                view,
                new Projection.Limits(config.batchKeys(), config.batchBytes(), config.keyBytes()),
                outOfTime);
    }
}
