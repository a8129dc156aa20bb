package dev.stele.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that is stuck, for those who operate the service.
 *
 * @param because the cause, not the symptom
 * @param since null when that is not known
 * @param hint what to do about it
 */
record Trouble(String what, String because, @Nullable Instant since, String hint) {}
