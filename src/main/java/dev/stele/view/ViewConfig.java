package dev.stele.view;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Limits of views. */
@ConfigMapping(prefix = "stele.view")
interface ViewConfig {

    /** Pause between two rounds of reading which views there are. */
    @WithDefault("1s")
    Duration refresh();

    /** Most bytes of a definition's JSON. */
    @WithDefault("262144")
    int definitionBytes();

    /** Most handlers of a definition. */
    @WithDefault("200")
    int handlers();

    /** Most bytes of a key: the index holds no more than about 2,700. */
    @WithDefault("1024")
    int keyBytes();

    /** Most events that one slice brings. */
    @WithDefault("1000")
    int batchEvents();

    /** Most entries that one write touches; an event that touches more goes alone. */
    @WithDefault("1000")
    int batchKeys();

    /** Most bytes of entries that a batch holds in memory; one event's entries may be more. */
    @WithDefault("16777216")
    int batchBytes();

    /** Longest time that a batch holds a thread, measured after each event. */
    @WithDefault("500ms")
    Duration batchTime();

    /** Most entries of versions that are gone that one round deletes. */
    @WithDefault("10000")
    int deleteEntries();

    /** Most bytes of values in a page of entries; its first entry may be larger. */
    @WithDefault("8388608")
    int pageMaxBytes();

    /** Entries are counted up to here. */
    @WithDefault("100000")
    int countMax();

    /** Most requests of one replica that wait for a view to reach a position. */
    @WithDefault("1000")
    int waiters();

    /** Pause between two looks at a checkpoint that somebody waits for, at first. */
    @WithDefault("10ms")
    Duration waitPollMin();

    /** Longest pause between two looks at a checkpoint that does not move. */
    @WithDefault("100ms")
    Duration waitPollMax();

    /** Longest wait for an answer of the database. */
    @WithDefault("15s")
    Duration answerTimeout();

    /** Checks of views against the log. */
    Verify verify();

    /** How views are checked against the log, by themselves or when somebody asks. */
    interface Verify {

        /** How often each view is checked by itself; never, if not set. */
        Optional<Duration> every();

        /** Keys that such a check compares. */
        @WithDefault("1000")
        int sample();

        /** Most keys that a check can be asked to compare, unless it is all. */
        @WithDefault("1000000")
        int sampleMax();

        /** Most keys that are folded at once; for more, the log is read again. */
        @WithDefault("20000")
        int keys();

        /** Most bytes of their values in memory; a single one may be more. */
        @WithDefault("33554432")
        long bytes();

        /** Most positions that one slice spans, matching or not. */
        @WithDefault("10000")
        int slicePositions();

        /** Most differences that are told in full. */
        @WithDefault("100")
        int different();

        /** Most bytes of the differences that are told in full; the first may be more. */
        @WithDefault("1048576")
        long differentBytes();

        /** Pause between two rounds of looking which views are to be checked. */
        @WithDefault("5s")
        Duration round();
    }
}
