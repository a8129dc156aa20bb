package dev.stele.json;

/** A line of a body that has an event in each of its lines. */
public final class EventLine {

    private final long number;
    private final byte[] json;

    /**
     * A line.
     *
     * @param number its place in the body, from 1
     * @param json what is on it, without its end; nobody may change it any more
     */
    public EventLine(long number, byte[] json) {
        this.number = number;
        this.json = json;
    }

    public long number() {
        return number;
    }

    byte[] json() {
        return json;
    }
}
