package dev.stele.publish;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The writers that are open at this replica. Each has a producer with buffers and a thread of the
 * client's own, and may block another, so there are only so many, however many publications there
 * are: one that has rested for long is let go of, and one that rests gives its seat to a
 * publication that waits, once it has had it for a turn.
 */
@ApplicationScoped
class OpenWriters {

    /** How often those that rest are looked through. */
    private static final Duration ROUND = Duration.ofMillis(250);

    private final PublicationConfig config;
    private final LongSupplier nanos;

    /** Those that wait for a seat, in order. */
    private final Queue<Seat> waiting = new ArrayDeque<>();

    /** Those that rest; who has rested for longest is the first. */
    private final Set<Seat> resting = new LinkedHashSet<>();

    private int taken;
    private @Nullable Cancellable rounds;

    @Inject
    OpenWriters(PublicationConfig config) {
        this(config, System::nanoTime);
    }

    OpenWriters(PublicationConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
    }

    /** A writer, open while it has one of the seats. */
    static final class Seat {
        private final RecordWriter writer;
        private State state = State.WAITING;
        private long takenNanos;
        private long restingNanos;
        private @Nullable UniEmitter<? super Seat> arrival;

        Seat(RecordWriter writer) {
            this.writer = writer;
        }

        RecordWriter writer() {
            return writer;
        }
    }

    private enum State {
        WAITING,
        AT_WORK,
        RESTING,
        LEFT
    }

    void start(@Observes StartupEvent event) {
        rounds =
                Multi.createFrom()
                        .ticks()
                        .every(ROUND)
                        .onOverflow()
                        .drop()
                        .subscribe()
                        .with(_ -> round());
    }

    @PreDestroy
    void stop() {
        if (rounds != null) {
            rounds.cancel();
        }
    }

    /** A seat to work on, at once or when it is this one's turn; it must be left in the end. */
    Uni<Seat> enter(Seat seat) {
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            if (arrives(seat, emitter)) {
                                emitter.complete(seat);
                            } else {
                                round();
                            }
                        });
    }

    private synchronized boolean arrives(Seat seat, UniEmitter<? super Seat> emitter) {
        if (seat.state != State.WAITING) {
            return false;
        }
        if (taken < config.producers()) {
            taken++;
            take(seat);
            return true;
        }
        seat.arrival = emitter;
        waiting.add(seat);
        return false;
    }

    private void take(Seat seat) {
        seat.state = State.AT_WORK;
        seat.takenNanos = nanos.getAsLong();
    }

    /** Goes to work again; false when the seat was given to another. */
    synchronized boolean goOn(Seat seat) {
        if (seat.state != State.RESTING) {
            return false;
        }
        resting.remove(seat);
        seat.state = State.AT_WORK;
        return true;
    }

    /** Has nothing to write: others may have the seat. */
    void rest(Seat seat) {
        boolean wanted;
        synchronized (this) {
            if (seat.state != State.AT_WORK) {
                return;
            }
            seat.state = State.RESTING;
            seat.restingNanos = nanos.getAsLong();
            resting.add(seat);
            wanted = !waiting.isEmpty();
        }
        if (wanted) {
            round();
        }
    }

    /** Gives the seat up, or the wait for it; the writer is closed by then. */
    void leave(Seat seat) {
        Seat next = null;
        synchronized (this) {
            State before = seat.state;
            seat.state = State.LEFT;
            switch (before) {
                case WAITING -> waiting.remove(seat);
                case RESTING -> {
                    resting.remove(seat);
                    next = passOn();
                }
                case AT_WORK -> next = passOn();
                case LEFT -> {}
            }
        }
        arrived(next);
    }

    /** Lets go of those that rest for too long, or while others wait. */
    void round() {
        for (Seat seat : toLetGo()) {
            seat.writer.close().subscribe().with(_ -> letGo(), _ -> letGo());
        }
    }

    /** They have left, but their seats are free only when their producers are gone. */
    private synchronized List<Seat> toLetGo() {
        long now = nanos.getAsLong();
        List<Seat> leaving = new ArrayList<>();
        int wanted = waiting.size();
        for (Iterator<Seat> each = resting.iterator(); each.hasNext(); ) {
            Seat seat = each.next();
            boolean idle = now - seat.restingNanos >= config.idleTimeout().toNanos();
            boolean turnOver = now - seat.takenNanos >= config.producerTurn().toNanos();
            if (idle || (turnOver && leaving.size() < wanted)) {
                each.remove();
                seat.state = State.LEFT;
                leaving.add(seat);
            }
        }
        return leaving;
    }

    private void letGo() {
        Seat next;
        synchronized (this) {
            next = passOn();
        }
        arrived(next);
    }

    /** Whose turn it is; null when nobody waits. */
    private @Nullable Seat passOn() {
        Seat next = waiting.poll();
        if (next == null) {
            taken--;
        } else {
            take(next);
        }
        return next;
    }

    private static void arrived(@Nullable Seat seat) {
        if (seat != null && seat.arrival != null) {
            seat.arrival.complete(seat);
        }
    }
}
