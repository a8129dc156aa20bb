package dev.stele.subscription;

import dev.stele.event.EventFilter;
import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import io.smallrye.mutiny.Uni;

/** Reads what is behind a cursor: from the tail when all of it is there, else from the log. */
final class SliceReader {

    private final EventLog log;
    private final Head head;
    private final Tail tail;
    private final SubscriptionConfig config;

    SliceReader(EventLog log, Head head, Tail tail, SubscriptionConfig config) {
        this.log = log;
        this.head = head;
        this.tail = tail;
        this.config = config;
    }

    /** What is behind a cursor. */
    sealed interface Behind {
        /** Some events, or at least a stretch of the log that has none for the subscription. */
        record Next(Slice slice) implements Behind {}

        /** Nothing. */
        record Nothing() implements Behind {}

        /** The log ends before it, or has another event there. */
        record PutBack() implements Behind {}
    }

    Uni<Behind> read(Landmark cursor, EventFilter filter, int limit) {
        return tail.slice(cursor, filter, limit)
                .map(slice -> Uni.createFrom().item(behind(slice, cursor)))
                .orElseGet(() -> upToHead(cursor).chain(to -> read(cursor, to, filter, limit)));
    }

    /** Only a replica that has not read the head since the checkpoint was written knows less. */
    private Uni<GlobalPosition> upToHead(Landmark cursor) {
        GlobalPosition known = head.known();
        return cursor.position().reached(known) ? head.read() : Uni.createFrom().item(known);
    }

    private Uni<Behind> read(
            Landmark cursor, GlobalPosition newest, EventFilter filter, int limit) {
        GlobalPosition from = cursor.position();
        if (from.reached(newest)) {
            return Uni.createFrom()
                    .item(newest.reached(from) ? new Behind.Nothing() : new Behind.PutBack());
        }
        long furthest = from.value() + config.sliceMaxPositions();
        GlobalPosition upTo = new GlobalPosition(Math.min(newest.value(), furthest));
        return log.slice(cursor, upTo, filter, limit)
                .map(
                        next ->
                                switch (next) {
                                    case EventLog.Slice read -> behind(Slice.next(read), cursor);
                                    case EventLog.PutBack() -> new Behind.PutBack();
                                });
    }

    private static Behind behind(Slice slice, Landmark cursor) {
        return slice.reached().equals(cursor.position())
                ? new Behind.Nothing()
                : new Behind.Next(slice);
    }
}
