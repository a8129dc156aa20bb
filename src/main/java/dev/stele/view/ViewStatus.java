package dev.stele.view;

import dev.stele.event.GlobalPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a view is doing.
 *
 * @param viewVersion the version that reads see
 * @param definition its JSON as it was sent, without insignificant white space
 * @param position what reads reflect
 * @param head the log's newest position
 * @param lagSeconds the age of the oldest event that is not handled; 0 when there is none
 * @param pace how it gets on while it is being built
 * @param entries how many there are; when there are more than are counted, as many as are
 * @param parkedKeys how many keys are parked
 * @param because why it does not move, if it does not
 * @param owner the replica that runs it, if any
 * @param verified what the last check of this version came to, if there was one
 * @param next the version that is being built to take over, if any
 */
public record ViewStatus(
        ViewName name,
        int viewVersion,
        String definition,
        State state,
        GlobalPosition position,
        GlobalPosition head,
        double lagSeconds,
        @Nullable Pace pace,
        long entries,
        boolean entriesExact,
        long parkedKeys,
        @Nullable String because,
        @Nullable Instant errorSince,
        @Nullable String owner,
        @Nullable Verified verified,
        @Nullable Next next) {

    /** What it does. */
    public enum State {
        /** It has not reached the head yet since it was made. */
        BUILDING,
        /** It follows the log. */
        LIVE,
        /** It does not move, because of an error. */
        STALLED
    }

    /** The measured speed, in positions of the log, and the time until it is at the head. */
    public record Pace(double eventsPerSecond, double etaSeconds) {}

    /** How many keys were compared with their fold from the log, and how many were different. */
    public record Verified(Instant at, long checked, long different) {}

    /** A version that is being built, with the definition that it will bring. */
    public record Next(
            int viewVersion,
            String definition,
            State state,
            GlobalPosition position,
            double progress,
            @Nullable Pace pace,
            long parkedKeys,
            @Nullable String because) {}

    /** Events between what reads reflect and the head, whether they concern the view or not. */
    public long lagEvents() {
        return head.value() - position.value();
    }

    /** How much of the log it has seen, from 0 to 1. */
    public double progress() {
        return progress(position, head);
    }

    static double progress(GlobalPosition position, GlobalPosition head) {
        return head.value() == 0 ? 1 : (double) position.value() / head.value();
    }
}
