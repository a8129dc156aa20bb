package dev.stele.http;

import dev.stele.publish.Publications;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** The parked keys of a publication. */
@Path("/v1/publications/{publication}/parked")
@Produces(MediaType.APPLICATION_JSON)
class PublicationParkedResource {

    private final Publications publications;
    private final ParkedAnswers answers;

    PublicationParkedResource(Publications publications, ParkedAnswers answers) {
        this.publications = publications;
        this.answers = answers;
    }

    @GET
    public Uni<Response> list(
            @Encoded @PathParam("publication") String segment,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return answers.list(owner(segment), uri, headers);
    }

    @GET
    @Path("{key}")
    public Uni<Response> key(
            @Encoded @PathParam("publication") String segment,
            @Encoded @PathParam("key") String key,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return answers.key(owner(segment), key, uri, headers);
    }

    @POST
    @Path("retry")
    public Uni<Response> retryAll(
            @Encoded @PathParam("publication") String segment, @Context UriInfo uri) {
        return answers.retryAll(owner(segment), uri);
    }

    @POST
    @Path("{key}/retry")
    public Uni<Response> retry(
            @Encoded @PathParam("publication") String segment,
            @Encoded @PathParam("key") String key,
            @Context UriInfo uri) {
        return answers.retry(owner(segment), key, uri);
    }

    @POST
    @Path("{key}/skip")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> skip(
            @Encoded @PathParam("publication") String segment,
            @Encoded @PathParam("key") String key,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        return answers.skip(owner(segment), key, uri, headers, body);
    }

    private ParkedAnswers.Owner owner(String segment) {
        return PublicationSkippedResource.owner(publications, segment);
    }
}
