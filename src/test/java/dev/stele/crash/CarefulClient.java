package dev.stele.crash;

import dev.stele.crash.Book.Fate;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Appends as the contract asks of clients: what is in doubt is repeated with the same ids, perhaps
 * at another replica, and nothing is concluded that no answer says. Sometimes it walks away, as
 * people do. It keeps book.
 */
final class CarefulClient {

    /** One in so many attempts that did not succeed is the last. */
    private static final int WALKS_AWAY = 8;

    private final Replicas replicas;
    private final Book book;
    private final Random random;
    private final Consumer<URI> acknowledgedBy;

    /**
     * @param acknowledgedBy is told of each acknowledgement by which replica it came
     */
    CarefulClient(Replicas replicas, Book book, Random random, Consumer<URI> acknowledgedBy) {
        this.replicas = replicas;
        this.book = book;
        this.random = random;
        this.acknowledgedBy = acknowledgedBy;
    }

    /** The version of a stream; 0 when there is none. */
    long version(String stream) {
        HttpResponse<String> answer = replicas.get("/v1/streams/" + stream);
        return answer.statusCode() == 404 ? 0 : Replicas.body(answer).get("version").asLong();
    }

    void append(SentAppend append) {
        book.sent(append);
        book.settled(append, fate(append, false));
    }

    /** Comes back to an append that was left in doubt, and does not leave before it is settled. */
    void comeBackTo(SentAppend append) {
        book.settled(append, fate(append, true));
    }

    private Fate fate(SentAppend append, boolean stays) {
        boolean inDoubt = stays;
        for (Replicas.Turns turns = replicas.turns(); ; turns.next(append.stream())) {
            switch (attempt(append, turns.replica())) {
                case Attempt.Accepted(var receipt, var repeated) -> {
                    if (repeated && !inDoubt) {
                        throw new AssertionError("called a repeat at first sight: " + append);
                    }
                    acknowledgedBy.accept(turns.replica());
                    return new Fate.Acknowledged(receipt, repeated);
                }
                case Attempt.Conflict() -> {
                    return new Fate.Conflicted();
                }
                case Attempt.NotDone() -> {
                    if (!inDoubt && walksAway()) {
                        return new Fate.GivenUp();
                    }
                }
                case Attempt.Unknown() -> {
                    book.answerLost();
                    inDoubt = true;
                    if (!stays && walksAway()) {
                        return new Fate.LeftInDoubt();
                    }
                }
            }
        }
    }

    private boolean walksAway() {
        return random.nextInt(WALKS_AWAY) == 0;
    }

    /** One attempt, at the preferred replica. */
    Attempt attempt(SentAppend append) {
        return attempt(append, replicas.turns().replica());
    }

    private Attempt attempt(SentAppend append, URI replica) {
        try {
            return Attempt.of(
                    replicas.ask(
                            replica,
                            "/v1/streams/%s/events".formatted(append.stream()),
                            request ->
                                    request.header(append.header(), append.headerValue())
                                            .POST(BodyPublishers.ofString(append.body()))));
        } catch (ConnectException _) {
            return new Attempt.NotDone();
        } catch (IOException _) {
            return new Attempt.Unknown();
        }
    }
}
