package dev.stele.log;

import dev.stele.postgres.LastFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * The appends of this replica that wait or are on their way to the database.
 *
 * @param oldest how long the first of them has waited
 * @param failure how appends failed last, if none has succeeded since
 */
public record AppendQueue(int appends, Duration oldest, Optional<LastFailure.Failure> failure) {}
