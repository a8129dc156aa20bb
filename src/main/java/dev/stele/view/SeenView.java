package dev.stele.view;

import dev.stele.event.GlobalPosition;
import io.vertx.mutiny.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/**
 * What reads of a view see.
 *
 * @param built whether it ever reached the head
 * @param stale whether it is of a log that was put back since
 * @param error why it does not move, if so
 */
record SeenView(
        int viewId,
        GlobalPosition checkpoint,
        boolean built,
        boolean stale,
        @Nullable String error) {

    SeenView at(GlobalPosition position) {
        return new SeenView(viewId, position, built, stale, error);
    }

    boolean reflects(GlobalPosition wanted) {
        return Views.Read.reflects(checkpoint, stale, wanted);
    }

    String because(GlobalPosition wanted) {
        if (stale) {
            return Views.RESTORED + ", and the view is being built anew";
        }
        if (error != null) {
            return error;
        }
        long missing = wanted.value() - checkpoint.value();
        return built
                ? "the view is %d events behind".formatted(missing)
                : "the view is being built and has %d events to go".formatted(missing);
    }

    static SeenView of(Row row) {
        return new SeenView(
                row.getInteger("id"),
                new GlobalPosition(row.getLong("position")),
                row.getBoolean("built"),
                row.getBoolean("stale"),
                row.getString("error"));
    }
}
