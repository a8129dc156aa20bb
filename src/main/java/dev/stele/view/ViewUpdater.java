package dev.stele.view;

import dev.stele.definition.Programs;
import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.subscription.Checkpoints;
import dev.stele.subscription.Handled;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Parking;
import dev.stele.subscription.ParkingChange;
import dev.stele.subscription.Slice;
import dev.stele.subscription.Subscriber;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Folds the events of the log into the entries of one version of a view. */
final class ViewUpdater implements Subscriber {

    private final int viewId;
    private final CompiledView view;
    private final Tools tools;
    private volatile @Nullable Pace pace;

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
            ViewConfig config) {}

    /** Is told of every checkpoint that moved, before the next slice is read. */
    @FunctionalInterface
    interface Progress {
        Uni<Void> moved(int viewId, GlobalPosition checkpoint);
    }

    /** The name of the subscription that feeds a version. */
    static String subscription(int viewId) {
        return "view/" + viewId;
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

    @Override
    public Uni<Handled> handle(Lease lease, Slice slice, Parking parking) {
        return tools.programs()
                .call(() -> projection().keyed(slice, parking))
                .chain(batch -> fold(batch, parking))
                .chain(folded -> write(lease, slice, folded, parking))
                .invoke(this::measure);
    }

    private Uni<Projection.Folded> fold(Projection.Batch batch, Parking parking) {
        if (batch.events().isEmpty()) {
            return Uni.createFrom().item(new Projection.Folded(Map.of(), batch.end()));
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
                                                                        parking)));
    }

    private Uni<Handled> write(
            Lease lease, Slice slice, Projection.Folded folded, Parking parking) {
        GlobalPosition reached = folded.end().checkpoint();
        Handled handled = handled(folded.end());
        if (!reached.reached(slice.parts().getFirst().event().position())) {
            return Uni.createFrom().item(handled);
        }
        ParkingChange change = parking.upTo(reached);
        Uni<Boolean> written =
                folded.changes().isEmpty() && change.isEmpty()
                        ? tools.checkpoints().save(lease, slice, reached)
                        : tools.entries()
                                .write(lease, viewId, slice, reached, folded.changes(), change);
        return written.map(held -> held ? handled : new Handled.Fenced());
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
