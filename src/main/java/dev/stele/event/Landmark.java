package dev.stele.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that was seen in the log, by which whoever goes on from there knows the log again:
 * should another one be at its position, or none, the log was put back to an earlier state.
 *
 * @param id of the event; null at the beginning, or where only the position is known
 * @param generation a generation of the log in which it was seen
 */
public record Landmark(GlobalPosition position, @Nullable EventId id, int generation) {

    /** Before the first event: there in every log. */
    public static final Landmark BEGINNING = new Landmark(GlobalPosition.BEGINNING, null, 0);

    /** Where only the position is known. Every log begins in the first generation. */
    public static Landmark unnamed(GlobalPosition position) {
        return position.equals(GlobalPosition.BEGINNING)
                ? BEGINNING
                : new Landmark(position, null, 1);
    }

    /** Whether this is the event which was found at its position; null = none was. */
    public boolean is(@Nullable EventId found) {
        if (position.equals(GlobalPosition.BEGINNING)) {
            return true;
        }
        return found != null && (id == null || id.equals(found));
    }

    /** The event's id as statements take it; null where only the position is known. */
    public @Nullable UUID uuid() {
        return id == null ? null : id.value();
    }

    /** The later of the two. */
    public static Landmark later(Landmark a, Landmark b) {
        return a.position.reached(b.position) ? a : b;
    }
}
