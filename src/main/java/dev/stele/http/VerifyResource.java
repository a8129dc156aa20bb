package dev.stele.http;

import dev.stele.job.Jobs;
import dev.stele.view.ViewName;
import dev.stele.view.Views;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.OptionalInt;

/** Comparing a view with its fold from the log. */
@Path("/v1/views/{view}/verify")
@Produces(MediaType.APPLICATION_JSON)
class VerifyResource {

    private static final String SAMPLE = "sample";

    private final Views views;

    VerifyResource(Views views) {
        this.views = views;
    }

    @POST
    public Uni<Response> verify(@Encoded @PathParam("view") String segment, @Context UriInfo uri) {
        ViewName view = PathNames.named(segment, ViewName::new);
        Query query = Query.of(uri, SAMPLE);
        OptionalInt sample =
                query.has(SAMPLE)
                        ? OptionalInt.of(query.number(SAMPLE, 1, views.sampleMax(), 1))
                        : OptionalInt.empty();
        return views.verify(view, sample)
                .map(asked -> asked.orElseThrow(() -> ViewReads.noSuchView(view)))
                .map(VerifyResource::answer);
    }

    private static Response answer(Jobs.Asked asked) {
        return switch (asked) {
            case Jobs.Asked.Runs(var job) -> JobResource.accepted(job);
            case Jobs.Asked.TooMany(var max) ->
                    ProblemMapper.overloaded(
                                    "this replica runs %d jobs already, as many as it may"
                                            .formatted(max))
                            .response();
        };
    }
}
