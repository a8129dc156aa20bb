package dev.stele.publish;

import dev.stele.event.GlobalPosition;

/** What became of the wish that a publication goes on, after the log was put back. */
public sealed interface ContinueResult {

    /** It goes on behind this position. */
    record Continues(GlobalPosition from) implements ContinueResult {}

    /** Its topic has nothing that the log has not. */
    record NotRestored() implements ContinueResult {}

    /** The log ends before that position. */
    record BeyondHead(GlobalPosition head) implements ContinueResult {}

    /** There is none of that name. */
    record NoSuchPublication() implements ContinueResult {}
}
