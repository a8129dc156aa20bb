package dev.stele.crash;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Clients that all append to the same streams at once, each at the version that it has read. */
final class Writers implements AutoCloseable {

    /** Of all their streams. */
    static final String CATEGORY = "crash";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_EVENTS = 3;

    private final Book book;
    private final Choices choices;
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private volatile boolean enough;

    /**
     * What writers choose from.
     *
     * @param streams how many there are
     * @param padding how large the events of an append are made
     */
    record Choices(int streams, ToIntFunction<Random> padding) {}

    Writers(Book book, Choices choices) {
        this.book = book;
        this.choices = choices;
    }

    /** One more, with choices of its own. */
    void start(Replicas replicas, Random random) {
        CarefulClient client = new CarefulClient(replicas, book, random);
        running.add(
                CompletableFuture.runAsync(
                        () -> write(client, random), task -> Thread.ofVirtual().start(task)));
    }

    private void write(CarefulClient client, Random random) {
        while (!enough) {
            String stream = CATEGORY + "-" + random.nextInt(choices.streams());
            int events = 1 + random.nextInt(MOST_EVENTS);
            client.append(
                    new SentAppend(
                            stream,
                            client.version(stream),
                            Stream.generate(UUID::randomUUID).limit(events).toList(),
                            random.nextInt(1_000_000),
                            choices.padding().applyAsInt(random)));
        }
    }

    /** Waits until a replica has acknowledged more than can be on its way at this moment. */
    void awaitProgress(URI replica) {
        long wanted = book.acknowledgementsOf(replica) + running.size() + 1;
        await("progress of " + replica)
                .pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> failed() || book.acknowledgementsOf(replica) >= wanted);
    }

    /** Whether one has met a bug: {@link #close} says which. */
    private boolean failed() {
        return running.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    /** Lets each learn what became of its last append; fails when one has met a bug. */
    @Override
    public void close() {
        enough = true;
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    }
}
