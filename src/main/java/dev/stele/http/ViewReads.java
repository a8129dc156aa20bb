package dev.stele.http;

import dev.stele.event.GlobalPosition;
import dev.stele.log.Head;
import dev.stele.view.Freshness;
import dev.stele.view.ParkedEntry;
import dev.stele.view.ViewName;
import dev.stele.view.Views;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Reads views, and once more when what was read is older than what the reader wants to see: then it
 * waits first. Mostly it is not, and one look is enough.
 */
@ApplicationScoped
class ViewReads {

    private static final String RESTORED = "199 - \"%s\"".formatted(Views.RESTORED);

    private final Views views;
    private final Head head;
    private final Generations generations;
    private final ParkedReads parked;
    private final HttpConfig config;
    private final OrderlyEnd ending;

    ViewReads(
            Views views,
            Head head,
            Generations generations,
            ParkedReads parked,
            HttpConfig config,
            OrderlyEnd end) {
        this.views = views;
        this.head = head;
        this.generations = generations;
        this.parked = parked;
        this.config = config;
        this.ending = end;
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
                                        .map(
                                                one ->
                                                        withPosition(
                                                                answer.apply(generation, one),
                                                                one)))
                .map(wait::applyTo);
    }

    private <R extends Views.Read> Uni<R> upTo(
            GlobalPosition wanted, ViewName view, WaitFor wait, Supplier<Uni<R>> read) {
        long end = System.nanoTime() + wait.atMost().toNanos();
        return read.get()
                .chain(one -> tried(one, wanted, end, read))
                .chain(
                        one ->
                                one.reflects(wanted) || one.parked().isPresent()
                                        ? Uni.createFrom().item(one)
                                        : reached(view, wanted, wait, end)
                                                .chain(_ -> read.get())
                                                .chain(late -> tried(late, wanted, end, read)))
                .invoke(one -> require(wanted, view, wait, one));
    }

    /** Looks again as long as a parked key is being tried, and there is time. */
    private <R extends Views.Read> Uni<R> tried(
            R one, GlobalPosition wanted, long end, Supplier<Uni<R>> read) {
        boolean enough = one.reflects(wanted) || System.nanoTime() - end >= 0;
        if (enough || one.parked().filter(ParkedEntry::retrying).isEmpty()) {
            return Uni.createFrom().item(one);
        }
        return parked.pause()
                .chain(
                        paused ->
                                paused
                                        ? read.get().chain(next -> tried(next, wanted, end, read))
                                        : Uni.createFrom().item(one));
    }

    private static void require(
            GlobalPosition wanted, ViewName view, WaitFor wait, Views.Read read) {
        if (!read.reflects(wanted)) {
            String because =
                    read.parked()
                            .map(parked -> ParkedReads.because(view, parked))
                            .orElse(
                                    read.staleSince().isPresent()
                                            ? Views.RESTORED
                                            : "the view was made anew");
            throw wait.notCaughtUp(wanted, read.position(), because);
        }
    }

    /** An answer from what is gone says so, and of which generation its position is. */
    private Response.ResponseBuilder withPosition(
            Response.ResponseBuilder answer, Views.Read read) {
        OptionalInt stale = read.staleSince();
        return stale.isPresent()
                ? Generations.withPosition(
                        answer.header("Warning", RESTORED), read.position(), stale.getAsInt())
                : generations.withPosition(answer, read.position());
    }

    private Uni<GlobalPosition> wanted(WaitFor wait) {
        return wait.strong()
                ? head.read().map(newest -> GlobalPosition.later(newest, wait.position()))
                : Uni.createFrom().item(wait.position());
    }

    private Uni<GlobalPosition> reached(
            ViewName view, GlobalPosition position, WaitFor wait, long end) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return ending.orEnd(views.caughtUp(view, position, left))
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
