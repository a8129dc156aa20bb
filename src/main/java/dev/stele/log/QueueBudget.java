package dev.stele.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much may wait: appends and their bytes, both bounded. */
final class QueueBudget {

    private final int maxAppends;
    private final long maxBytes;
    private final AtomicInteger appends = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    QueueBudget(int maxAppends, long maxBytes) {
        this.maxAppends = maxAppends;
        this.maxBytes = maxBytes;
    }

    /** Places taken. */
    int appends() {
        return appends.get();
    }

    /** Bytes taken. */
    long bytes() {
        return bytes.get();
    }

    /** Takes a place for an append of so many bytes, or none when the queue is full. */
    boolean tryTake(int sizeInBytes) {
        if (appends.incrementAndGet() > maxAppends) {
            appends.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(sizeInBytes) > maxBytes) {
            giveBack(sizeInBytes);
            return false;
        }
        return true;
    }

    void giveBack(int sizeInBytes) {
        appends.decrementAndGet();
        bytes.addAndGet(-sizeInBytes);
    }
}
