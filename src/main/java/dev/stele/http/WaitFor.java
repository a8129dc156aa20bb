package dev.stele.http;

import dev.stele.event.GlobalPosition;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a read wants to see at least, and how long it waits for it.
 *
 * @param position from {@code minPosition} or {@code Stele-Min-Position}, the later one
 * @param strong {@code consistency=strong}: at least the head as of the request
 * @param atMost how long to wait
 * @param applied whether the request asked for that wait
 */
record WaitFor(GlobalPosition position, boolean strong, Duration atMost, boolean applied) {

    static final String MIN_POSITION = "minPosition";
    static final String CONSISTENCY = "consistency";
    private static final String HEADER = "Stele-Min-Position";
    private static final String PREFERENCE = "wait";

    static WaitFor of(Query query, HttpHeaders headers, HttpConfig config) {
        long min = query.number(MIN_POSITION, 0L);
        String header = headers.getHeaderString(HEADER);
        if (header != null) {
            try {
                min = Math.max(min, WholeNumber.parse(HEADER, header.strip()));
            } catch (IllegalArgumentException e) {
                throw Problem.invalid(String.valueOf(e.getMessage())).asException();
            }
        }
        boolean strong = query.word(CONSISTENCY, "eventual", "strong").equals("strong");
        Duration preferred = preferred(headers);
        Duration wait = preferred == null ? config.waitDefault() : preferred;
        Duration clamped = wait.compareTo(config.waitMax()) < 0 ? wait : config.waitMax();
        return new WaitFor(new GlobalPosition(min), strong, clamped, preferred != null);
    }

    /**
     * {@code Prefer: wait=<seconds>} (RFC 7240); a preference that is not understood is ignored.
     */
    private static @Nullable Duration preferred(HttpHeaders headers) {
        String seconds = Preferences.of(headers).get(PREFERENCE);
        if (seconds == null) {
            return null;
        }
        try {
            return Duration.ofSeconds(
                    Math.min(WholeNumber.parse(PREFERENCE, seconds), Integer.MAX_VALUE));
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    Response applyTo(Response.ResponseBuilder response) {
        return applied
                ? response.header(Preferences.APPLIED, preference()).build()
                : response.build();
    }

    private String preference() {
        return PREFERENCE + "=" + atMost.toSeconds();
    }

    /** The position was not reached in time. */
    ProblemException notCaughtUp(GlobalPosition wanted, GlobalPosition reached, String because) {
        Problem problem =
                Problem.of(
                                ProblemType.NOT_CAUGHT_UP,
                                "position %s is not reached yet: %s".formatted(wanted, because))
                        .with(
                                json -> {
                                    json.writeNumberField("position", reached.value());
                                    json.writeStringField("because", because);
                                })
                        .retryAfter(1);
        return (applied ? problem.header(Preferences.APPLIED, preference()) : problem)
                .asException();
    }
}
