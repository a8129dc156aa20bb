package dev.stele.log;

import dev.stele.event.StreamVersion;

/** When an append may happen. */
public sealed interface AppendCondition {

    /** Always. */
    record Any() implements AppendCondition {}

    /** When the stream has an event. */
    record Exists() implements AppendCondition {}

    /** When the stream is at just this version. */
    record AtVersion(StreamVersion version) implements AppendCondition {}

    static AppendCondition any() {
        return new Any();
    }

    static AppendCondition exists() {
        return new Exists();
    }

    /** When the stream has no event. */
    static AppendCondition noStream() {
        return new AtVersion(StreamVersion.NO_STREAM);
    }

    static AppendCondition atVersion(StreamVersion version) {
        return new AtVersion(version);
    }
}
