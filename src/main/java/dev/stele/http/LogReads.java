package dev.stele.http;

import dev.stele.event.GlobalPosition;
import dev.stele.log.Head;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Supplier;

/** Holds a read of the log back until the log has reached what the reader wants to see. */
@ApplicationScoped
class LogReads {

    /** A wait of no time at all is not one that can be waited. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final Head head;
    private final HttpConfig config;

    LogReads(Head head, HttpConfig config) {
        this.head = head;
        this.config = config;
    }

    /** Answers with {@code read}, as soon as the log is where the request wants it. */
    Uni<Response> answer(
            Query query, HttpHeaders headers, Supplier<Uni<Response.ResponseBuilder>> read) {
        WaitFor wait = WaitFor.of(query, headers, config);
        // A read goes to the database itself, so that it always sees the head: "strong" costs
        // nothing.
        return reached(wait).chain(_ -> read.get()).map(wait::applyTo);
    }

    private Uni<Void> reached(WaitFor wait) {
        if (head.known().reached(wait.position())) {
            return Uni.createFrom().voidItem();
        }
        return head.read()
                .chain(
                        newest ->
                                newest.reached(wait.position())
                                        ? Uni.createFrom().item(newest)
                                        : until(wait))
                .replaceWithVoid();
    }

    private Uni<GlobalPosition> until(WaitFor wait) {
        GlobalPosition before = new GlobalPosition(wait.position().value() - 1);
        return head.beyond(before)
                .ifNoItem()
                .after(wait.atMost().plus(SHORTEST_WAIT))
                .fail()
                .onFailure(TimeoutException.class)
                .transform(
                        _ ->
                                wait.notCaughtUp(
                                        wait.position(), head.known(), "the log ends before it"));
    }
}
