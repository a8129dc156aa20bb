package dev.stele.http;

import dev.stele.definition.PutResult;
import dev.stele.event.GlobalPosition;
import dev.stele.json.JsonWriter;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.IntFunction;

/** The answer to a PUT of a definition. */
final class PutAnswer {

    private PutAnswer() {}

    /**
     * The answer to what a definition came to.
     *
     * @param uncompilable the problem of one whose programs cannot be used
     * @param accepted the answer with this status to one that is in effect
     */
    static Uni<Response> of(
            PutResult result, ProblemType uncompilable, IntFunction<Uni<Response>> accepted) {
        return switch (result) {
            case PutResult.Created(_) -> accepted.apply(201);
            case PutResult.Same(_) -> accepted.apply(200);
            case PutResult.Changed(_) -> accepted.apply(202);
            case PutResult.Invalid(var flaws) ->
                    refused(Problem.flawed(ProblemType.INVALID_REQUEST, flaws));
            case PutResult.TooLarge(var limit, var actual, var max) ->
                    refused(Problem.tooLarge(limit, actual, max));
            case PutResult.Uncompilable(var flaws) -> refused(Problem.flawed(uncompilable, flaws));
        };
    }

    /** The answer that shows what is in effect. */
    static Response accepted(
            Generations generations,
            int status,
            String address,
            GlobalPosition position,
            JsonWriter.Content content) {
        Response.ResponseBuilder answer =
                Response.status(status)
                        .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                        .header(HttpHeaders.LOCATION, address)
                        .entity(JsonWriter.write(content));
        return generations.withPosition(answer, position).build();
    }

    private static Uni<Response> refused(Problem problem) {
        return Uni.createFrom().item(problem.response());
    }
}
