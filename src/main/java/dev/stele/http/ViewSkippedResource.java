package dev.stele.http;

import dev.stele.view.ViewName;
import dev.stele.view.Views;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The events that were left out of a view. */
@Path("/v1/views/{view}/skipped")
@Produces(MediaType.APPLICATION_JSON)
class ViewSkippedResource {

    private final Views views;
    private final ParkedAnswers answers;

    ViewSkippedResource(Views views, ParkedAnswers answers) {
        this.views = views;
        this.answers = answers;
    }

    @GET
    public Uni<Response> list(
            @Encoded @PathParam("view") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return answers.skipped(owner(views, segment), uri, headers);
    }

    static ParkedAnswers.Owner owner(Views views, String segment) {
        ViewName name = PathNames.named(segment, ViewName::new);
        return new ParkedAnswers.Owner(
                "/v1/views/" + name,
                name.definition(),
                "viewVersion",
                views.parked(name).map(of -> of.orElseThrow(() -> ViewReads.noSuchView(name))));
    }
}
