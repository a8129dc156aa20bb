package dev.stele.http;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code Idempotency-Key} header: bare or quoted, 1 to 255 visible characters. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";
    private static final int MAX_LENGTH = 255;

    private IdempotencyKey() {}

    /** The key without its quotes; null when there is none. */
    static @Nullable String of(HttpHeaders headers) {
        List<String> values = headers.getRequestHeader(HEADER);
        if (values == null || values.isEmpty()) {
            return null;
        }
        String value = values.getFirst().strip();
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        String key = quoted ? value.substring(1, value.length() - 1) : value;
        boolean valid =
                values.size() == 1
                        && !key.isEmpty()
                        && key.length() <= MAX_LENGTH
                        && key.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"');
        if (!valid) {
            throw Problem.invalid(
                            "%s must be given once, with 1 to %d ASCII characters, bare or in quotes"
                                    .formatted(HEADER, MAX_LENGTH))
                    .asException();
        }
        return key;
    }

    /** The key makes the ids: who sends both leaves it open which of them names the append. */
    static void requireNoIds(@Nullable String key, boolean idsGiven) {
        if (key != null && idsGiven) {
            throw Problem.invalid("an append has event ids or an Idempotency-Key, not both")
                    .asException();
        }
    }
}
