package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a publication is doing.
 *
 * @param version of its definition
 * @param definition its JSON as it was sent, without insignificant white space
 * @param position everything at or below it is in Kafka, is parked, or makes no message
 * @param head the log's newest position
 * @param lagSeconds the age of the oldest event that is not handled; 0 when there is none
 * @param delay how long events of late took from their recording to the broker's answer, if any
 * @param parkedKeys how many keys are parked
 * @param error why it does not move, if it does not
 * @param owner the replica that runs it, if any
 */
public record PublicationStatus(
        PublicationName name,
        int version,
        String definition,
        State state,
        GlobalPosition position,
        GlobalPosition head,
        double lagSeconds,
        @Nullable DelayMillis delay,
        long parkedKeys,
        @Nullable String error,
        @Nullable Instant errorSince,
        @Nullable String owner) {

    /** What it does. */
    public enum State {
        /** It follows the log. */
        RUNNING,
        /** It was told to wait. */
        PAUSED,
        /** It does not move, because of an error. */
        STALLED
    }

    /** The median and the 99th percentile, in milliseconds. */
    public record DelayMillis(double p50, double p99) {}

    /** Events between its position and the head, whether they concern it or not. */
    public long lagEvents() {
        return head.value() - position.value();
    }
}
