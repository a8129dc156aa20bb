package dev.stele.publish;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings and limits of publications. */
@ConfigMapping(prefix = "stele.publication")
interface PublicationConfig {

    /** What consumers may rely on: {@code exactly-once} or {@code at-least-once}. */
    @WithDefault("exactly-once")
    Delivery delivery();

    /** Pause between two rounds of reading which publications there are. */
    @WithDefault("1s")
    Duration refresh();

    /** Most bytes of a definition's JSON. */
    @WithDefault("262144")
    int definitionBytes();

    /** Most bytes of a message's key. */
    @WithDefault("1024")
    int keyBytes();

    /** Longest wait for an answer of the database. */
    @WithDefault("15s")
    Duration databaseTimeout();

    /** Longest time that programs have for a batch, measured after each event. */
    @WithDefault("500ms")
    Duration batchTime();

    /** Most events whose records go to the broker at once, and in one transaction. */
    @WithDefault("1000")
    int batchEvents();

    /** Most bytes of such records, but for those of the first event. */
    @WithDefault("1048576")
    int batchBytes();

    /**
     * Shortest pause after a transaction that was not full. The broker still marks it as committed
     * by then, and the next one would have to wait for that.
     */
    @WithDefault("3ms")
    Duration transactionPauseMin();

    /**
     * Longest such pause. It is twice as long as the transaction took: a broker under load gets
     * fewer and larger ones, since each costs it more than its records.
     */
    @WithDefault("25ms")
    Duration transactionPauseMax();

    /**
     * How long the broker waits for a producer that died within a transaction. Until then, or until
     * the next owner begins, its consumers wait too.
     */
    @WithDefault("10s")
    Duration transactionTimeout();

    /** Longest wait for an answer of the broker; of records, when they are sent exactly once. */
    @WithDefault("15s")
    Duration answerTimeout();

    /** Longest wait for what is under way when a lease is given back. */
    @WithDefault("2s")
    Duration closeTimeout();

    /**
     * Most publications that write at once at one replica. Each has a producer then, with buffers
     * and a thread of its own; the others wait for their turn.
     */
    @WithDefault("32")
    int producers();

    /** How long a publication may keep its producer at least while others wait for one. */
    @WithDefault("1s")
    Duration producerTurn();

    /**
     * How long a producer is kept that has nothing to write. The next event opens one again, which
     * takes some ten milliseconds.
     */
    @WithDefault("1m")
    Duration idleTimeout();

    /**
     * Most bytes of records that wait in memory to be sent: of all producers of a replica together,
     * in equal parts, but for each enough for the largest record.
     */
    @WithDefault("134217728")
    long bufferBytes();

    /**
     * Shortest time between two saves of the checkpoint in PostgreSQL. It is for display: the one
     * in Kafka counts.
     */
    @WithDefault("100ms")
    Duration checkpointInterval();

    /**
     * Longest time for reading a topic, when the log was put back, to find the last event that both
     * have.
     */
    @WithDefault("5m")
    Duration forkTimeout();

    /** How far the clocks of producers and of the database may be apart for that. */
    @WithDefault("10m")
    Duration forkMargin();
}
