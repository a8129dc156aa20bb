package dev.stele.definition;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** What programs of definitions may spend, and the threads that they share. */
@ConfigMapping(prefix = "stele.program")
interface ProgramConfig {

    /** Threads that run programs; by default half of the processors, but at least two. */
    OptionalInt threads();

    /** Most slices and definitions that wait for a thread; one more fails and is tried again. */
    @WithDefault("1000")
    int queue();

    /** Most characters of a program's text. */
    @WithDefault("32768")
    int chars();

    /** Most steps of a run. */
    @WithDefault("2000000")
    long steps();

    /** Longest time of a run, should the steps take long. */
    @WithDefault("2s")
    Duration time();

    /** Deepest nesting of calls and of values: a few calls for each level of the deepest data. */
    @WithDefault("1000")
    int depth();

    /** Most bytes that a run builds, garbage included. */
    @WithDefault("67108864")
    long builtBytes();

    /**
     * Most bytes of what a run yields: an entry's value, all keys of an event, all messages. More
     * than the largest event has: {@code 10e9} is longer when it is written anew.
     */
    @WithDefault("1835008")
    long valueBytes();

    /** Most values that a run yields: keys of an event, or messages. */
    @WithDefault("1000")
    int values();
}
