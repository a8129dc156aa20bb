package dev.stele.crash;

import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Clients that append at a steady rate all together, while all goes well. */
final class PacedWriters {

    private static final int STREAMS = 400;
    private static final int MOST_EVENTS = 2;
    private static final int MOST_PADDING = 100;

    private final Crowd crowd;
    private final Book book;
    private final Duration pace;
    private final AtomicReference<Recovery> recovery;

    /**
     * @param pace of one of them, from one append to the next
     * @param recovery is told what is acknowledged
     */
    PacedWriters(Crowd crowd, Book book, Duration pace, AtomicReference<Recovery> recovery) {
        this.crowd = crowd;
        this.book = book;
        this.pace = pace;
        this.recovery = recovery;
    }

    /** One more, with choices of its own. */
    void start(Replicas replicas, Random random) {
        Writer writer = new Writer(replicas, random);
        crowd.start(writer::write);
    }

    private final class Writer {

        private final CarefulClient client;
        private final Random random;
        private long due = System.nanoTime();
        private long sentAt;

        Writer(Replicas replicas, Random random) {
            this.random = random;
            this.client =
                    new CarefulClient(
                            replicas,
                            book,
                            random,
                            replica -> {
                                crowd.acknowledgedBy(replica);
                                recovery.get().acknowledged(replica, sentAt);
                            });
        }

        /** What was missed while somebody had to wait is not made up for. */
        void write() {
            due = Math.max(due + pace.toNanos(), System.nanoTime() - pace.toNanos());
            LockSupport.parkNanos(due - System.nanoTime());
            String stream = Writers.CATEGORY + "-" + random.nextInt(STREAMS);
            long version = client.version(stream);
            sentAt = System.nanoTime();
            client.append(
                    new SentAppend(
                            stream,
                            version,
                            Stream.generate(UUID::randomUUID)
                                    .limit(1 + random.nextInt(MOST_EVENTS))
                                    .toList(),
                            random.nextInt(1_000_000),
                            random.nextInt(MOST_PADDING)));
        }
    }
}
