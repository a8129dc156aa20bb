package dev.stele.event;

/**
 * An event's place in its stream, from 1; a stream's version is its last event's; 0 = no stream.
 */
public record StreamVersion(long value) implements Comparable<StreamVersion> {

    /** The version of a stream that has no event. */
    public static final StreamVersion NO_STREAM = new StreamVersion(0);

    public StreamVersion {
        WholeNumbers.requireInRange("stream version", value);
    }

    @Override
    public int compareTo(StreamVersion other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
