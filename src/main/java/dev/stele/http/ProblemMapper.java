package dev.stele.http;

import dev.stele.definition.Programs;
import dev.stele.postgres.DatabaseFailure;
import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every failure becomes a problem document here, and tells nothing of the inside. */
final class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    @ServerExceptionMapper
    Response found(ProblemException found) {
        return found.problem().response();
    }

    /** What the framework itself refuses: no such path, method, type, or representation. */
    @ServerExceptionMapper
    Response refused(WebApplicationException refusal, ContainerRequestContext request) {
        int status = refusal.getResponse().getStatus();
        // Of some addresses the framework says that they are not there when it is the method.
        if (status == NOT_FOUND || status == METHOD_NOT_ALLOWED) {
            Optional<String> allow =
                    AllowedMethods.of(request.getUriInfo().getRequestUri().getRawPath())
                            .filter(all -> !List.of(all.split(", ")).contains(request.getMethod()));
            if (allow.isPresent()) {
                ProblemType type = ProblemType.METHOD_NOT_ALLOWED;
                return Problem.of(type, type.title())
                        .header(HttpHeaders.ALLOW, allow.get())
                        .response();
            }
        }
        ProblemType type =
                switch (status) {
                    case NOT_FOUND -> ProblemType.NOT_FOUND;
                    case METHOD_NOT_ALLOWED -> ProblemType.METHOD_NOT_ALLOWED;
                    case 406 -> ProblemType.NOT_ACCEPTABLE;
                    case 413 -> ProblemType.TOO_LARGE;
                    case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
                    default ->
                            status < 500 ? ProblemType.INVALID_REQUEST : ProblemType.INTERNAL_ERROR;
                };
        return Problem.of(type, type.title()).response();
    }

    /**
     * A read that failed in the database, or did not come back: in time, or because the connection
     * broke. Of one that is found broken, Vert.x says so with the last of these classes.
     */
    @ServerExceptionMapper({
        PgException.class,
        TimeoutException.class,
        IOException.class,
        ClosedConnectionException.class,
        NoStackTraceThrowable.class
    })
    Response database(Throwable failure) {
        return switch (DatabaseFailure.of(failure)) {
            case UNAVAILABLE, ANSWER_LOST ->
                    overloaded(
                                    "PostgreSQL does not answer: "
                                            + Hints.after(DatabaseFailure.inOurWords(failure)))
                            .response();
            case REFUSED -> unexpected(failure);
        };
    }

    /** A program that a request waits for was not run. */
    @ServerExceptionMapper
    Response overloaded(Programs.Overloaded full) {
        return overloaded("too many programs wait for a thread").response();
    }

    @ServerExceptionMapper
    Response unexpected(Throwable bug) {
        return bug(bug).response();
    }

    static Problem bug(Throwable bug) {
        LOG.error("a request failed", bug);
        return Problem.of(ProblemType.INTERNAL_ERROR, "the log of the service says more");
    }

    static Problem overloaded(String detail) {
        return Problem.of(ProblemType.OVERLOADED, detail).retryAfter(RETRY_AFTER_SECONDS);
    }
}
