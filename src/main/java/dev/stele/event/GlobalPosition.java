package dev.stele.event;

/** An event's place in the log, from 1, dense, in commit order; 0 = before the first event. */
public record GlobalPosition(long value) implements Comparable<GlobalPosition> {

    /** Before the first event. */
    public static final GlobalPosition BEGINNING = new GlobalPosition(0);

    /** Behind every event that there can be. */
    public static final GlobalPosition LAST = new GlobalPosition(WholeNumbers.MAX);

    public GlobalPosition {
        WholeNumbers.requireInRange("position", value);
    }

    /** Whether this position is at or after {@code other}. */
    public boolean reached(GlobalPosition other) {
        return value >= other.value;
    }

    /** The later of the two. */
    public static GlobalPosition later(GlobalPosition a, GlobalPosition b) {
        return a.reached(b) ? a : b;
    }

    @Override
    public int compareTo(GlobalPosition other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
