package dev.stele.publish;

import dev.stele.event.Names;

/** The name of a publication: see {@link Names#requireDefinedName}. */
public record PublicationName(String value) {

    /** The publication that is always there. */
    static final PublicationName EVENTS = new PublicationName("events");

    public PublicationName {
        Names.requireDefinedName("publication name", value);
    }

    /** The name of the subscription that feeds it. */
    String subscription() {
        return "publication/" + value;
    }

    /** The name under which what was skipped of it is kept. */
    public String definition() {
        return subscription();
    }

    @Override
    public String toString() {
        return value;
    }
}
