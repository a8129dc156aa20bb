package dev.stele.view;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** Limits of views. */
@ConfigMapping(prefix = "stele.view")
interface ViewConfig {

    /** Pause between two rounds of reading which views there are. */
    @WithDefault("1s")
    Duration refresh();

    /** Threads that run programs; by default half of the processors, but at least two. */
    OptionalInt threads();

    /** Most slices and definitions that wait for a thread; one more fails and is tried again. */
    @WithDefault("1000")
    int threadQueue();

    /** Most bytes of a definition's JSON. */
    @WithDefault("262144")
    int definitionBytes();

    /** Most handlers of a definition. */
    @WithDefault("200")
    int handlers();

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

    /** What one run of a program may spend. */
    Program program();

    /** The budget of a program. */
    interface Program {

        /** Most characters of its text. */
        @WithDefault("32768")
        int chars();

        /** Most steps. */
        @WithDefault("2000000")
        long steps();

        /** Longest time, should the steps take long. */
        @WithDefault("2s")
        Duration time();

        /**
         * Deepest nesting of calls and of values: a few calls for each level of the deepest data.
         */
        @WithDefault("1000")
        int depth();

        /** Most bytes that it builds, garbage included. */
        @WithDefault("67108864")
        long builtBytes();

        /**
         * Most bytes of an entry's value, and of all keys, or all messages, of an event together.
         * More than the largest event has: {@code 10e9} is longer when it is written anew.
         */
        @WithDefault("1835008")
        long valueBytes();

        /** Most bytes of a key: the index holds no more than about 2,700. */
        @WithDefault("1024")
        int keyBytes();

        /** Most keys of one event. */
        @WithDefault("1000")
        int keys();
    }
}
