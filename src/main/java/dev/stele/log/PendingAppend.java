package dev.stele.log;

import dev.stele.event.Append;
import io.smallrye.mutiny.subscription.UniEmitter;

/** An append in the queue, with the one who waits for its result. */
final class PendingAppend {

    private final Append append;
    private final int sizeInBytes;
    private final UniEmitter<? super AppendResult> waiter;
    private final QueueBudget budget;
    private final long since = System.nanoTime();
    private volatile boolean cancelled;

    PendingAppend(Append append, UniEmitter<? super AppendResult> waiter, QueueBudget budget) {
        this.append = append;
        this.sizeInBytes = append.sizeInBytes();
        this.waiter = waiter;
        this.budget = budget;
    }

    Append append() {
        return append;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    /** When it came, by {@link System#nanoTime}. */
    long since() {
        return since;
    }

    /** The sender went away; what was not sent yet need not be. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Gives its place in the queue back. */
    void leaveQueue() {
        budget.giveBack(sizeInBytes);
    }

    void fail(Throwable bug) {
        waiter.fail(bug);
    }

    void answer(AppendResult result) {
        waiter.complete(result);
    }
}
