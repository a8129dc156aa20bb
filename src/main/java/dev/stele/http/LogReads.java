package dev.stele.http;

import dev.stele.event.GlobalPosition;
import dev.stele.json.CloudEvents;
import dev.stele.log.EventLog;
import dev.stele.log.Head;
import dev.stele.log.RisingPosition.Awaited;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * What reads of the log have in common: they are held back until the log has reached what the
 * reader wants to see, and a page of it has several representations.
 */
@ApplicationScoped
class LogReads {

    /** A wait of no time at all is not one that can be waited. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final EventLog log;
    private final Head head;
    private final Generations generations;
    private final HttpConfig config;
    private final OrderlyEnd end;

    LogReads(EventLog log, Head head, Generations generations, HttpConfig config, OrderlyEnd end) {
        this.log = log;
        this.head = head;
        this.generations = generations;
        this.config = config;
        this.end = end;
    }

    /**
     * Answers with {@code read}, as soon as the log is where the request wants it.
     *
     * @param read gets the log's generation, which is the one that the request wants
     */
    Uni<Response> answer(
            Query query, HttpHeaders headers, IntFunction<Uni<Response.ResponseBuilder>> read) {
        WaitFor wait = WaitFor.of(query, headers, config);
        // A read goes to the database itself, so that it always sees the head: "strong" costs
        // nothing.
        return generations
                .of(query, headers)
                .call(_ -> reached(wait))
                .chain(read::apply)
                .map(wait::applyTo);
    }

    /** A page as the reader wants it. CloudEvents name the log that they are of. */
    Uni<Response.ResponseBuilder> represented(HttpHeaders headers, EventPage page) {
        return switch (Representation.of(headers)) {
            case JSON -> Uni.createFrom().item(page.asJson(headers));
            case CLOUD_EVENTS ->
                    log.identity()
                            .map(log -> page.asCloudEvents(headers, new CloudEvents(log.id())));
        };
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
        return end.orEnd(head.reached(wait.position()))
                .ifNoItem()
                .after(wait.atMost().plus(SHORTEST_WAIT))
                .fail()
                .onFailure(TimeoutException.class)
                .transform(_ -> behind(wait, ""))
                .map(
                        awaited ->
                                switch (awaited) {
                                    case Awaited.Reached(var position) -> position;
                                    case Awaited.TooMany() ->
                                            throw behind(
                                                    wait, ", and too many requests wait already");
                                });
    }

    private ProblemException behind(WaitFor wait, String more) {
        return wait.notCaughtUp(wait.position(), head.known(), "the log ends before it" + more);
    }
}
