package dev.stele.http;

import dev.stele.publish.PublicationName;
import dev.stele.publish.Publications;
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

/** The events that were left out of a publication. */
@Path("/v1/publications/{publication}/skipped")
@Produces(MediaType.APPLICATION_JSON)
class PublicationSkippedResource {

    private final Publications publications;
    private final ParkedAnswers answers;

    PublicationSkippedResource(Publications publications, ParkedAnswers answers) {
        this.publications = publications;
        this.answers = answers;
    }

    @GET
    public Uni<Response> list(
            @Encoded @PathParam("publication") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return answers.skipped(owner(publications, segment), uri, headers);
    }

    static ParkedAnswers.Owner owner(Publications publications, String segment) {
        PublicationName name = PathNames.named(segment, PublicationName::new);
        return new ParkedAnswers.Owner(
                "/v1/publications/" + name,
                name.definition(),
                "publicationVersion",
                publications
                        .parked(name)
                        .map(
                                of ->
                                        of.orElseThrow(
                                                () ->
                                                        PublicationResource.noSuchPublication(
                                                                name))));
    }
}
