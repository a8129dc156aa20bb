package dev.stele.event;

/** When an append may happen. */
public sealed interface AppendCondition {

    /** Always. */
    record Any() implements AppendCondition {}

    /** When the stream has an event. */
    record Exists() implements AppendCondition {}

    /** When the stream has no event. */
    record NoStream() implements AppendCondition {}

    /** When the stream is at just this version; 0 = it has no event. */
    record AtVersion(StreamVersion version) implements AppendCondition {}

    static AppendCondition any() {
        return new Any();
    }

    static AppendCondition exists() {
        return new Exists();
    }

    static AppendCondition noStream() {
        return new NoStream();
    }

    static AppendCondition atVersion(StreamVersion version) {
        return new AtVersion(version);
    }
}
