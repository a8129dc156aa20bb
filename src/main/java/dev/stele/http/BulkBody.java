package dev.stele.http;

import dev.stele.wire.Malformed;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a bulk load, read chunk by chunk: nothing is read that was not asked for, so that the
 * sender waits for the log. All of it happens on the request's event loop.
 */
final class BulkBody {

    private final HttpServerRequest request;
    private final BulkChunks chunks;
    private @Nullable UniEmitter<? super BulkChunk> waiter;
    private Runnable whenEnded = () -> {};
    private boolean begun;

    /** A flag of our own: a request that is paused does not know that it has ended. */
    private boolean ended;

    /** The body of a request that is paused. */
    BulkBody(HttpServerRequest request, BulkChunks chunks) {
        this.request = request;
        this.chunks = chunks;
        request.handler(this::arrived).endHandler(_ -> end());
    }

    /**
     * The next chunk; one without lines at the end. When the body breaks off, nothing comes any
     * more: what is not whole cannot be a chunk.
     */
    Uni<BulkChunk> next() {
        return Uni.createFrom().emitter(emitter -> ask(emitter));
    }

    /** Reads what is left of it and drops it; {@code then} runs at its end, if that comes. */
    void drop(Runnable then) {
        if (ended) {
            then.run();
        } else {
            whenEnded = then;
            request.resume();
        }
    }

    private void ask(UniEmitter<? super BulkChunk> emitter) {
        waiter = emitter;
        if (!begun) {
            begun = true;
            promptSender();
        }
        proceed();
    }

    private void promptSender() {
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
    }

    private void arrived(Buffer piece) {
        if (waiter != null) {
            chunks.add(piece.getBytes());
            proceed();
        }
    }

    private void end() {
        ended = true;
        whenEnded.run();
        proceed();
    }

    private void proceed() {
        UniEmitter<? super BulkChunk> asked = waiter;
        if (asked == null) {
            return;
        }
        BulkChunk chunk = chunks.poll();
        Optional<Malformed> flaw = ended ? Malformed.body(request) : Optional.empty();
        if (chunk == null && ended && flaw.isEmpty()) {
            chunk = chunks.rest();
        }
        if (chunk == null && flaw.isPresent()) {
            waiter = null;
            asked.fail(Problem.invalid(flaw.get().detail()).asException());
        } else if (chunk == null) {
            request.fetch(1);
        } else {
            waiter = null;
            asked.complete(chunk);
        }
    }
}
