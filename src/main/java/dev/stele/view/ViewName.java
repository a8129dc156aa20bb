package dev.stele.view;

import dev.stele.event.Names;

/** The name of a view: see {@link Names#requireDefinedName}. */
public record ViewName(String value) {

    public ViewName {
        Names.requireDefinedName("view name", value);
    }

    /** The name under which what was skipped of it is kept. */
    public String definition() {
        return "view/" + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
