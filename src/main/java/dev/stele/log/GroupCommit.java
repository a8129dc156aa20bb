package dev.stele.log;

import dev.stele.event.Append;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Commits appends in batches: what arrives while a batch is in flight goes with the next one. No
 * timer: a lone append goes at once.
 *
 * <p>There is no lock and no thread of its own. Whoever turns {@code committing} from false to true
 * is the only one that touches {@code waiting} until it turns back; the flag carries the memory
 * order.
 */
final class GroupCommit {

    private static final Logger LOG = Logger.getLogger(GroupCommit.class);

    private static final String ENDED = "the service ends";

    private final BatchWriter writer;
    private final BatchComposer composer;
    private final QueueBudget budget;
    private final AppendMetrics metrics;
    private final Queue<PendingAppend> arrivals = new ConcurrentLinkedQueue<>();
    private final Deque<PendingAppend> waiting = new ArrayDeque<>();
    private final AtomicBoolean committing = new AtomicBoolean();

    /** Set once: nothing is sent any more, and nothing that was sent is waited for. */
    private volatile boolean ended;

    /** Answers the batch in flight without the database; null when there is none. */
    private volatile @Nullable Runnable giveUp;

    /** Of the batch in flight, the append that came first; null when there is none. */
    private volatile @Nullable PendingAppend oldest;

    GroupCommit(BatchWriter writer, LogConfig config, MeterRegistry registry) {
        this.writer = writer;
        this.composer = new BatchComposer(config.batchMaxEvents(), config.batchMaxBytes());
        this.budget = new QueueBudget(config.queueMaxAppends(), config.queueMaxBytes());
        this.metrics = new AppendMetrics(registry, budget);
    }

    Uni<AppendResult> append(Append append) {
        return Uni.createFrom().emitter(waiter -> enqueue(append, waiter));
    }

    /**
     * Waits for the database no longer: what was sent and is not answered is unknown, and what was
     * not sent is refused, from now on.
     */
    void end() {
        ended = true;
        Runnable inFlight = giveUp;
        if (inFlight != null) {
            inFlight.run();
        }
    }

    /** How many wait or are on their way, and how long the first of them has. */
    AppendQueue queue() {
        PendingAppend first = oldest;
        return new AppendQueue(
                budget.appends(),
                first == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - first.since()),
                writer.lastFailure());
    }

    private void enqueue(Append append, UniEmitter<? super AppendResult> waiter) {
        PendingAppend pending = new PendingAppend(append, waiter, budget);
        if (!budget.tryTake(pending.sizeInBytes())) {
            pending.answer(new AppendResult.Overloaded("too many appends are waiting"));
            return;
        }
        waiter.onTermination(pending::cancel);
        arrivals.add(pending);
        commitUnlessCommitting();
    }

    private void commitUnlessCommitting() {
        while (!arrivals.isEmpty() && committing.compareAndSet(false, true)) {
            commitNext();
        }
    }

    /**
     * Sends the next batch, or ends the turn when nothing waits. Only the turn's owner calls it.
     */
    private void commitNext() {
        for (PendingAppend arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            waiting.add(arrival);
        }
        List<PendingAppend> batch = ended ? all(waiting) : composer.takeFrom(waiting);
        if (batch.isEmpty()) {
            oldest = null;
            writer.rest();
            committing.set(false);
            return;
        }
        oldest = batch.getFirst();
        metrics.sent(batch);
        long sent = System.nanoTime();
        answers(batch)
                .onTermination()
                .invoke(() -> metrics.committed(System.nanoTime() - sent))
                .subscribe()
                .with(results -> finish(batch, results), bug -> lose(batch, bug));
    }

    private static List<PendingAppend> all(Deque<PendingAppend> waiting) {
        List<PendingAppend> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    private Uni<List<AppendResult>> answers(List<PendingAppend> batch) {
        if (ended) {
            return Uni.createFrom().item(same(batch, new AppendResult.Overloaded(ENDED)));
        }
        return Uni.createFrom()
                .emitter(
                        first -> {
                            AppendResult unknown = new AppendResult.OutcomeUnknown(ENDED);
                            giveUp = () -> first.complete(same(batch, unknown));
                            commit(batch)
                                    .onTermination()
                                    .invoke(() -> giveUp = null)
                                    .subscribe()
                                    .with(first::complete, first::fail);
                            // The end may have come before it could see this batch.
                            if (ended) {
                                first.complete(same(batch, unknown));
                            }
                        });
    }

    private static List<AppendResult> same(List<PendingAppend> batch, AppendResult result) {
        return Collections.nCopies(batch.size(), result);
    }

    /**
     * The next batch is on its way before this one is answered: the database need not wait for us.
     */
    private void finish(List<PendingAppend> batch, List<AppendResult> results) {
        commitNext();
        commitUnlessCommitting();
        for (int i = 0; i < batch.size(); i++) {
            PendingAppend pending = batch.get(i);
            pending.leaveQueue();
            pending.answer(results.get(i));
        }
    }

    /**
     * Commits a batch; one that the database refuses as a whole is halved until the culprit is
     * alone.
     */
    private Uni<List<AppendResult>> commit(List<PendingAppend> batch) {
        return writer.write(batch.stream().map(PendingAppend::append).toList())
                .chain(
                        written ->
                                switch (written) {
                                    case BatchWriter.Written.Answered(var results) ->
                                            Uni.createFrom().item(results);
                                    case BatchWriter.Written.Refused(var reason) ->
                                            commitHalves(batch, reason);
                                });
    }

    private Uni<List<AppendResult>> commitHalves(List<PendingAppend> batch, String reason) {
        if (batch.size() == 1) {
            LOG.errorf("the database refused an append that passed every check: %s", reason);
            return Uni.createFrom().item(List.of(new AppendResult.Rejected(reason)));
        }
        int half = batch.size() / 2;
        return commit(batch.subList(0, half))
                .chain(
                        first ->
                                commit(batch.subList(half, batch.size()))
                                        .map(second -> joined(first, second)));
    }

    private static List<AppendResult> joined(List<AppendResult> first, List<AppendResult> second) {
        List<AppendResult> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Only a bug gets here: the writer turns every failure of the database into results. */
    private void lose(List<PendingAppend> batch, Throwable bug) {
        commitNext();
        commitUnlessCommitting();
        for (PendingAppend pending : batch) {
            pending.leaveQueue();
            pending.fail(bug);
        }
    }
}
