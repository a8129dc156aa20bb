package dev.stele.subscription;

import dev.stele.event.GlobalPosition;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription is doing.
 *
 * @param owner the replica that has its lease, if any
 * @param freeSince when the lease became free, if nobody has it
 * @param standstill why it does not move; empty while it does, or is about to
 */
public record Standing(
        GlobalPosition position,
        @Nullable String owner,
        @Nullable Instant freeSince,
        long parkedKeys,
        Optional<Standstill> standstill) {

    /** What kind of reason it is. */
    public enum Cause {
        /** What it does fails, and is tried again. */
        FAILURE,
        /** A replica has the lease, and nothing is heard of it. */
        SILENT_OWNER,
        /** No replica has the lease. */
        UNCLAIMED,
        /** Its stored definition cannot run here. */
        REFUSED
    }

    /** Why it does not move, and since when, where that is known. */
    public record Standstill(Cause cause, String because, @Nullable Instant since) {}

    /** The same, where its definition may be one that cannot run here: nobody has to run it. */
    public Standing orRefused(Optional<String> problem) {
        return owner != null || problem.isEmpty()
                ? this
                : with(problem.map(text -> new Standstill(Cause.REFUSED, text, freeSince)));
    }

    /** The same, where nobody is to run it. */
    public Standing atRest() {
        return standstill.filter(each -> each.cause() == Cause.UNCLAIMED).isPresent()
                ? with(Optional.empty())
                : this;
    }

    /** Whether it is called stalled. */
    public boolean stalled() {
        return standstill.isPresent();
    }

    /** Why it does not move; null while it does. */
    public @Nullable String because() {
        return standstill.map(Standstill::because).orElse(null);
    }

    /** Since when it does not move; null while it does, or when that is not known. */
    public @Nullable Instant since() {
        return standstill.map(Standstill::since).orElse(null);
    }

    private Standing with(Optional<Standstill> other) {
        return new Standing(position, owner, freeSince, parkedKeys, other);
    }
}
