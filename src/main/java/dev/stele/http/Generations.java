package dev.stele.http;

import dev.stele.event.GlobalPosition;
import dev.stele.log.Generation;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log's generation in requests and answers: whoever names another one holds positions, or
 * pages, of a log that is no more, and is told so.
 */
@ApplicationScoped
class Generations {

    static final String PARAMETER = "generation";
    private static final String ASKED = "Stele-Min-Generation";
    private static final String ANSWERED = "Stele-Generation";

    /** The position that an append reached, or that a view's answer reflects. */
    private static final String POSITION = "Stele-Position";

    private final Generation generation;

    Generations(Generation generation) {
        this.generation = generation;
    }

    /**
     * The generation of the log, which is the one that the request names, if it names one.
     *
     * <p>What is remembered may be an old one; so nobody is refused by it.
     */
    Uni<Integer> of(Query query, HttpHeaders headers) {
        Long parameter = parameter(query);
        Long header = header(headers);
        return generation
                .current()
                .chain(
                        now ->
                                isOrAny(parameter, now) && isOrAny(header, now)
                                        ? Uni.createFrom().item(now)
                                        : generation
                                                .read()
                                                .invoke(read -> require(parameter, read))
                                                .invoke(read -> require(header, read)));
    }

    /** Appends, unless the request names another generation. */
    <T> Uni<T> append(HttpHeaders headers, Supplier<Uni<T>> append) {
        Long header = header(headers);
        return header == null
                ? append.get()
                : generation.read().invoke(read -> require(header, read)).chain(_ -> append.get());
    }

    /** The generation that the query names; null when it names none. */
    static @Nullable Long parameter(Query query) {
        return query.has(PARAMETER) ? query.number(PARAMETER, 0L) : null;
    }

    /** Refuses what is of another generation than the one that was named. */
    static void require(@Nullable Long named, int current) {
        if (!isOrAny(named, current)) {
            throw Problem.of(
                            ProblemType.GENERATION_GONE,
                            "the log is in generation %d, and what is of generation %d is no more"
                                    .formatted(current, named))
                    .with(json -> json.writeNumberField("generation", current))
                    .header(ANSWERED, Integer.toString(current))
                    .asException();
        }
    }

    /** An answer with a position, and with the generation that the position is of. */
    Response.ResponseBuilder withPosition(
            Response.ResponseBuilder answer, GlobalPosition position) {
        OptionalInt known = generation.known();
        return known.isPresent()
                ? withPosition(answer, position, known.getAsInt())
                : answer.header(POSITION, position.value());
    }

    /** The same, of a generation that need not be the one of now. */
    static Response.ResponseBuilder withPosition(
            Response.ResponseBuilder answer, GlobalPosition position, int generation) {
        return answer.header(POSITION, position.value()).header(ANSWERED, generation);
    }

    private static @Nullable Long header(HttpHeaders headers) {
        String header = headers.getHeaderString(ASKED);
        if (header == null) {
            return null;
        }
        try {
            return WholeNumber.parse(ASKED, header.strip());
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(String.valueOf(e.getMessage())).asException();
        }
    }

    private static boolean isOrAny(@Nullable Long named, int current) {
        return named == null || named == current;
    }
}
