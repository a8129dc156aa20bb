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
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Reads views, and once more when what was read is older than what the reader wants to see: then it
 * waits first. Mostly it is not, and one look is enough.
 */
@ApplicationScoped
class ViewReads {

    private final Views views;
    private final Head head;
    private final Generations generations;
    private final HttpConfig config;

    ViewReads(Views views, Head head, Generations generations, HttpConfig config) {
        this.views = views;
        this.head = head;
        this.generations = generations;
        this.config = config;
    }

    /**
     * Answers with what {@code read} finds, as soon as the view is where the request wants it.
     *
     * @param answer gets the log's generation as well
     */
    <R extends Views.Read> Uni<Response> answer(
            ViewName view,
            Query query,
            HttpHeaders headers,
            Supplier<Uni<Optional<R>>> read,
            BiFunction<Integer, R, Response.ResponseBuilder> answer) {
        WaitFor wait = WaitFor.of(query, headers, config);
        Supplier<Uni<R>> found =
                () -> read.get().map(one -> one.orElseThrow(() -> noSuchView(view)));
        return generations
                .of(query, headers)
                .chain(
                        generation ->
                                wanted(wait)
                                        .chain(position -> upTo(position, view, wait, found))
                                        .map(one -> answer.apply(generation, one)))
                .map(wait::applyTo);
    }

    private <R extends Views.Read> Uni<R> upTo(
            GlobalPosition wanted, ViewName view, WaitFor wait, Supplier<Uni<R>> read) {
        return read.get()
                .chain(
                        one ->
                                one.position().reached(wanted)
                                        ? Uni.createFrom().item(one)
                                        : reached(view, wanted, wait)
                                                .chain(_ -> read.get())
                                                .invoke(again -> require(wanted, wait, again)));
    }

    private static void require(GlobalPosition wanted, WaitFor wait, Views.Read again) {
        if (!again.position().reached(wanted)) {
            throw wait.notCaughtUp(wanted, again.position(), "the view was made anew");
        }
    }

    private Uni<GlobalPosition> wanted(WaitFor wait) {
        return wait.strong()
                ? head.read().map(newest -> GlobalPosition.later(newest, wait.position()))
                : Uni.createFrom().item(wait.position());
    }

    private Uni<GlobalPosition> reached(ViewName view, GlobalPosition position, WaitFor wait) {
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
