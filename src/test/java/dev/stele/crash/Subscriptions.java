package dev.stele.crash;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What the status says of subscriptions, and an operator who reads it and does what it wants. */
final class Subscriptions {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Set<String> AT_WORK = Set.of("live", "running");
    private static final String PUBLICATION = "publication/";

    private final Replicas replicas;
    private final int count;
    private final List<String> continued = new ArrayList<>();

    /**
     * @param count how many there are
     */
    Subscriptions(Replicas replicas, int count) {
        this.replicas = replicas;
        this.count = count;
    }

    /** A subscription; {@code because} is empty while it is at work. */
    record Line(String name, String state, long position, String because) {

        static Line of(JsonNode json) {
            return new Line(
                    json.get("name").asText(),
                    json.get("state").asText(),
                    json.get("position").asLong(),
                    json.path("because").asText(""));
        }

        /** Whether it does what it is for, and is beyond a position. */
        boolean isUp(long head) {
            return AT_WORK.contains(state) && because.isEmpty() && position >= head;
        }

        boolean isStalledPublication() {
            return name.startsWith(PUBLICATION) && state.equals("stalled");
        }
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        Replicas.body(replicas.get("/v1/status"))
                .get("subscriptions")
                .forEach(each -> lines.add(Line.of(each)));
        return lines;
    }

    /** Waits until one has come to a position. */
    void await(String name, long position) {
        awaitThat(
                name + " at " + position,
                lines ->
                        lines.stream()
                                .anyMatch(
                                        each ->
                                                each.name().equals(name)
                                                        && each.position() >= position));
    }

    /** Waits until all are at work and beyond a position. */
    void awaitUp(long head) {
        awaitThat("all at work beyond " + head, lines -> areUp(lines, head));
    }

    /** The same, after the log was put back: publications wait for somebody to decide. */
    void continueUntilUp(long head) {
        awaitThat(
                "all at work again beyond " + head,
                lines -> {
                    lines.stream().filter(Line::isStalledPublication).forEach(this::goOn);
                    return areUp(lines, head);
                });
    }

    private boolean areUp(List<Line> lines, long head) {
        return lines.size() >= count && lines.stream().allMatch(each -> each.isUp(head));
    }

    @FunctionalInterface
    private interface Wish {
        boolean isTrueOf(List<Line> lines);
    }

    private void awaitThat(String what, Wish wish) {
        AtomicReference<List<Line>> last = new AtomicReference<>(List.of());
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(
                            () -> {
                                last.set(lines());
                                return wish.isTrueOf(last.get());
                            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("Never %s: %s".formatted(what, last.get()), e);
        }
    }

    /** Goes on from the fork, if that is what it waits for; whatever else it is will pass. */
    private void goOn(Line stalled) {
        assertNotEquals("", stalled.because(), stalled::toString);
        HttpResponse<String> answer =
                replicas.ask(
                        "/v1/publications/%s/continue"
                                .formatted(stalled.name().substring(PUBLICATION.length())),
                        request -> request.POST(BodyPublishers.ofString("{\"from\":\"fork\"}")));
        if (answer.statusCode() != 409) {
            Replicas.body(answer);
            continued.add(stalled.because());
        }
    }

    /** What those said that were told to go on. */
    List<String> continued() {
        return continued;
    }
}
