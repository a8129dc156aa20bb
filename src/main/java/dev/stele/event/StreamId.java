package dev.stele.event;

/**
 * The name of a stream: the ordered events of one thing, e.g. {@code account-42}.
 *
 * <p>1 to 255 bytes of UTF-8, no control characters, no {@code /}.
 */
public record StreamId(String value) {

    public StreamId {
        Names.requirePathName("stream id", value);
    }

    /**
     * The stream that a sender names: it must have an address. What is in the log already may have
     * none.
     *
     * @throws IllegalArgumentException when no stream can be named so
     */
    public static StreamId named(String name) {
        StreamId stream = new StreamId(name);
        Names.requireAddressable("stream id", name);
        return stream;
    }

    /** The text before the first {@code -}, or else the whole id. */
    public String category() {
        int dash = value.indexOf('-');
        return dash < 0 ? value : value.substring(0, dash);
    }

    @Override
    public String toString() {
        return value;
    }
}
