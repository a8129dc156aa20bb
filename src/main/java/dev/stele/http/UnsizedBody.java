package dev.stele.http;

import dev.stele.wire.Malformed;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body of HTTP/1.1 of which nobody said how long it is, or of which nobody can say how long it
 * will be when it is decoded. It is gathered here and not by the framework, so that it takes room
 * among the large ones from when it is one of them; without room, it is refused in the middle. All
 * of it happens on the request's event loop.
 */
final class UnsizedBody {

    private final RoutingContext context;
    private final LargeBodies room;
    private final HttpConfig config;
    private Buffer gathered = Buffer.buffer();
    private long taken;
    private boolean refused;
    private @Nullable Runnable lingering;
    private Consumer<Buffer> whole = this::handOn;

    UnsizedBody(RoutingContext context, LargeBodies room, HttpConfig config) {
        this.context = context;
        this.room = room;
        this.config = config;
    }

    /** Gathers it, and hands it on when it is whole. */
    void gather(Consumer<Buffer> then) {
        whole = then;
        gather();
    }

    /** Gathers it, and hands the request on when it is whole. */
    void gather() {
        HttpServerRequest request = context.request();
        context.addEndHandler(_ -> room.giveBack(taken));
        request.handler(this::arrived).endHandler(_ -> ended());
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            // The framework would say it once more.
            request.headers().remove(HttpHeaders.EXPECT);
            request.response().writeContinue();
        }
    }

    private void arrived(Buffer piece) {
        if (refused) {
            return;
        }
        long length = (long) gathered.length() + piece.length();
        if (length > room.largest()) {
            refuse(Problem.tooLarge("body-bytes", length, room.largest()));
        } else if (hasRoom(length)) {
            gathered.appendBuffer(piece);
        } else {
            refuse(LargeBodies.full());
        }
    }

    private boolean hasRoom(long length) {
        if (room.isSmall(length)) {
            return true;
        }
        boolean found = room.tryTake(length - taken, length);
        if (found && taken == 0) {
            BodyPace.watch(context, config);
        }
        if (found) {
            taken = length;
        }
        return found;
    }

    /** What the sender still sends is dropped for a while, so that it comes to read the answer. */
    private void refuse(Problem problem) {
        refused = true;
        gathered = Buffer.buffer();
        lingering = CutShort.linger(context, config);
        Admission.refuse(context.response(), problem);
    }

    private void ended() {
        if (lingering != null) {
            lingering.run();
        }
        Optional<Malformed> flaw = Malformed.body(context.request());
        if (!refused && flaw.isPresent()) {
            CutShort.announceClose(context.request());
            Admission.refuse(context.response(), Problem.invalid(flaw.get().detail()));
        } else if (!refused) {
            whole.accept(gathered);
        }
    }

    private void handOn(Buffer body) {
        // The framework finds it there. It looks only while the request seems to go on, which one
        // that is paused does.
        ((RoutingContextInternal) context).setBody(body);
        context.request().pause();
        context.next();
    }
}
