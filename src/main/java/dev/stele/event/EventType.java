package dev.stele.event;

/**
 * What kind of fact an event is, e.g. {@code MoneyDeposited}.
 *
 * <p>1 to 255 bytes of UTF-8, no control characters, no {@code /}.
 */
public record EventType(String value) {

    /** The tombstone: its stream is deleted from here on, until it is started again. */
    public static final EventType DELETED = new EventType("$deleted");

    public EventType {
        Names.requirePathName("event type", value);
    }

    /**
     * The type that a sender gives: it must have an address. What is in the log already may have
     * none.
     *
     * @throws IllegalArgumentException when no type can be named so
     */
    public static EventType named(String name) {
        EventType type = new EventType(name);
        Names.requireAddressable("event type", name);
        return type;
    }

    /** Whether the type is one of the server's own ({@code $deleted}); senders may not use them. */
    public boolean isReserved() {
        return value.startsWith("$");
    }

    @Override
    public String toString() {
        return value;
    }
}
