package dev.stele.subscription;

import org.jspecify.annotations.Nullable;

/** What a subscription does under its lease: the states of the package's picture. */
sealed interface Phase {
    /** The subscriber gets ready and says where it stands. */
    record Resuming() implements Phase {}

    /** Parked keys are tried again. */
    record Retrying() implements Phase {}

    /** There are events behind the cursor, or may be. */
    record CatchingUp() implements Phase {}

    /** Everything known is handled. */
    record Live() implements Phase {}

    /**
     * Something failed, so many times in a row; after a pause the stored checkpoint is read.
     *
     * @param because null: another write got in between, which is no error
     */
    record Pausing(int failures, @Nullable String because) implements Phase {}
}
