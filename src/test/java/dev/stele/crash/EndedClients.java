package dev.stele.crash;

import dev.stele.crash.KeptConnection.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that append as fast as they are answered, each over one connection that it keeps, at the
 * replica that it prefers, and at the other one while that one refuses. They note what they were
 * told of each event, and each request that got no answer.
 */
final class EndedClients {

    private final List<URI> replicas;
    private final Crowd crowd;

    /** The positions of events that were acknowledged. */
    private final Map<UUID, Long> acknowledged = new ConcurrentHashMap<>();

    /** Those of which was said that they were not appended. */
    private final Queue<UUID> refused = new ConcurrentLinkedQueue<>();

    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong notListening = new AtomicLong();
    private final Queue<String> unanswered = new ConcurrentLinkedQueue<>();
    private final AtomicLong names = new AtomicLong();

    EndedClients(List<URI> replicas, Crowd crowd) {
        this.replicas = replicas;
        this.crowd = crowd;
    }

    Map<UUID, Long> acknowledged() {
        return acknowledged;
    }

    Queue<UUID> refused() {
        return refused;
    }

    /** What became of requests that were not answered. */
    Queue<String> unanswered() {
        return unanswered;
    }

    String tally() {
        return "%d acknowledged, %d refused, %d unknown, %d times nobody listened, %d unanswered"
                .formatted(
                        acknowledged.size(),
                        refused.size(),
                        unknown.get(),
                        notListening.get(),
                        unanswered.size());
    }

    /** One more that prefers the replica of this number. */
    void start(int preferred) {
        Client client =
                new Client(
                        preferred % replicas.size(),
                        Writers.CATEGORY + "-" + names.incrementAndGet());
        crowd.start(client::appendOnce);
    }

    private final class Client {

        private final int preferred;
        private final String stream;
        private int at;
        private @Nullable KeptConnection connection;

        Client(int preferred, String stream) {
            this.preferred = preferred;
            this.stream = stream;
            this.at = preferred;
        }

        void appendOnce() {
            KeptConnection open = connection();
            if (open == null) {
                return;
            }
            UUID id = UUID.randomUUID();
            try {
                Answer answer = open.append(stream, id);
                note(id, answer);
                if (answer.isLast()) {
                    leave();
                }
                if (answer.status() == 503) {
                    turn();
                }
            } catch (IOException e) {
                unanswered.add("%s at %s".formatted(e, replicas.get(at)));
                leave();
                turn();
            }
        }

        private @Nullable KeptConnection connection() {
            if (connection == null) {
                try {
                    connection = KeptConnection.to(replicas.get(at));
                } catch (ConnectException _) {
                    // It was not listened to at all: nothing is lost.
                    notListening.incrementAndGet();
                    turn();
                } catch (IOException e) {
                    unanswered.add("%s on the way to %s".formatted(e, replicas.get(at)));
                    turn();
                }
            }
            return connection;
        }

        private void note(UUID id, Answer answer) {
            switch (answer.status()) {
                case 201 -> {
                    acknowledged.put(id, Replicas.json(answer.body()).get("position").asLong());
                    crowd.acknowledgedBy(replicas.get(at));
                }
                case 503 -> {
                    if (!answer.says("retry-after: ")
                            || !answer.says("content-type: application")) {
                        unanswered.add("503 without a word: " + answer);
                    } else if (answer.body().contains("/problems/outcome-unknown")) {
                        unknown.incrementAndGet();
                    } else {
                        refused.add(id);
                    }
                }
                default -> unanswered.add(answer.toString());
            }
        }

        /** To the other replica; back to the preferred one is only the way round. */
        private void turn() {
            leave();
            at = at == preferred ? (preferred + 1) % replicas.size() : preferred;
        }

        private void leave() {
            KeptConnection open = connection;
            connection = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    unanswered.add("%s at the close".formatted(e));
                }
            }
        }
    }
}
