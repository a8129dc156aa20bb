package dev.stele.http;

import dev.stele.event.GlobalPosition;
import dev.stele.log.Head;
import dev.stele.view.Freshness;
import dev.stele.view.ViewName;
import dev.stele.view.Views;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/** Holds a read of a view back until the view has reached what the reader wants to see. */
@ApplicationScoped
class ViewReads {

    private final Views views;
    private final Head head;
    private final HttpConfig config;

    ViewReads(Views views, Head head, HttpConfig config) {
        this.views = views;
        this.head = head;
        this.config = config;
    }

    /** Answers with {@code read}, as soon as the view is where the request wants it. */
    Uni<Response> answer(
            ViewName view,
            Query query,
            HttpHeaders headers,
            Supplier<Uni<Response.ResponseBuilder>> read) {
        WaitFor wait = WaitFor.of(query, headers, config);
        return wanted(wait)
                .chain(position -> reached(view, position, wait))
                .chain(_ -> read.get())
                .map(wait::applyTo);
    }

    private Uni<GlobalPosition> wanted(WaitFor wait) {
        return wait.strong()
                ? head.read().map(newest -> GlobalPosition.later(newest, wait.position()))
                : Uni.createFrom().item(wait.position());
    }

    private Uni<GlobalPosition> reached(ViewName view, GlobalPosition position, WaitFor wait) {
        // Whoever asks for nothing in particular takes the view as it is, in one round trip.
        if (position.equals(GlobalPosition.BEGINNING)) {
            return Uni.createFrom().item(position);
        }
        return views.caughtUp(view, position, wait.atMost())
                .map(
                        freshness ->
                                switch (freshness) {
                                    case Freshness.Reached(var reached) -> reached;
                                    case Freshness.Behind(var reached, var because) ->
                                            throw wait.notCaughtUp(position, reached, because);
                                    case Freshness.NoSuchView() -> throw noSuchView(view);
                                });
    }

    static ProblemException noSuchView(ViewName view) {
        return Problem.of(ProblemType.VIEW_NOT_FOUND, "there is no view '%s'".formatted(view))
                .asException();
    }
}
