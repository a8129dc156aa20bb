package dev.stele.crash;

import java.util.Random;
import java.util.UUID;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Clients that all append to the same streams at once, each at the version that it has read. */
final class Writers {

    /** Of all their streams. */
    static final String CATEGORY = "crash";

    private static final int MOST_EVENTS = 3;

    private final Crowd crowd;
    private final Book book;
    private final Choices choices;

    /**
     * What writers choose from.
     *
     * @param streams how many there are
     * @param padding how large the events of an append are made
     */
    record Choices(int streams, ToIntFunction<Random> padding) {}

    Writers(Crowd crowd, Book book, Choices choices) {
        this.crowd = crowd;
        this.book = book;
        this.choices = choices;
    }

    /** One more, with choices of its own. */
    void start(Replicas replicas, Random random) {
        CarefulClient client = new CarefulClient(replicas, book, random, crowd::acknowledgedBy);
        crowd.start(() -> write(client, random));
    }

    private void write(CarefulClient client, Random random) {
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
