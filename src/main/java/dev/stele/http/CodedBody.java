package dev.stele.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;

/**
 * A body that is compressed ({@code Content-Encoding}). It is decoded on a worker thread, for a few
 * kilobytes may become megabytes; what they become takes room among the large bodies as it comes,
 * and may be as long as any body.
 */
final class CodedBody {

    /** Marks a request that has one, for {@link DecodedBody}. */
    static final String TO_COME = "stele.coded-body";

    private static final String IDENTITY = "identity";
    private static final String GZIP = "gzip";
    private static final List<String> KNOWN = List.of(GZIP, "x-gzip");

    private final RoutingContext context;
    private final LargeBodies room;
    private long taken;
    private boolean ended;

    CodedBody(RoutingContext context, LargeBodies room) {
        this.context = context;
        this.room = room;
    }

    /** The codings of a body, in lower case; none when it is as it is. */
    static List<String> codings(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .filter(Predicate.not(String::isEmpty))
                .filter(Predicate.not(IDENTITY::equals))
                .toList();
    }

    static boolean canDecode(List<String> codings) {
        return codings.size() == 1 && KNOWN.contains(codings.getFirst());
    }

    /** One of a coding that is not known, or of several. */
    static Problem unknown() {
        return unknown(GZIP);
    }

    /** One where only these codings are taken. */
    static Problem unknown(String taken) {
        return Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "a body of this kind may have the Content-Encoding " + taken)
                .header(HttpHeaders.ACCEPT_ENCODING.toString(), taken);
    }

    /** Decodes it; what it says, or why it says nothing, comes on the request's event loop. */
    void decode(Buffer whole, Consumer<byte[]> then, Consumer<Problem> otherwise) {
        context.addEndHandler(_ -> end());
        byte[] coded = whole.getBytes();
        context.vertx()
                .executeBlocking(() -> Gunzip.of(coded, this::grows), false)
                .onSuccess(then::accept)
                .onFailure(failure -> otherwise.accept(problem(failure)));
    }

    /** Its sender may have gone while it is decoded: nothing is taken after what was given back. */
    private synchronized void end() {
        ended = true;
        room.giveBack(taken);
    }

    private synchronized void grows(long length) {
        if (ended) {
            throw ProblemMapper.overloaded("nobody waits for the answer").asException();
        }
        if (length > room.largest()) {
            throw Problem.tooLarge("body-bytes", length, room.largest()).asException();
        }
        if (room.isSmall(length)) {
            return;
        }
        if (!room.tryTake(length - taken, length)) {
            throw LargeBodies.full().asException();
        }
        taken = length;
    }

    private static Problem problem(Throwable failure) {
        return switch (failure) {
            case ProblemException found -> found.problem();
            case DataFormatException broken ->
                    Problem.invalid("the body is not gzip: " + broken.getMessage());
            default -> ProblemMapper.bug(failure);
        };
    }
}
