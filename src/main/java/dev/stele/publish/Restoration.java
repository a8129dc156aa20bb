package dev.stele.publish;

import dev.stele.event.GlobalPosition;
import dev.stele.event.Landmark;
import dev.stele.event.RecordedEvent;
import dev.stele.log.EventLog;
import dev.stele.log.Fork;
import dev.stele.log.Head;
import dev.stele.log.Sighting;
import dev.stele.publish.CheckpointTopic.Checkpoint;
import dev.stele.subscription.Lease;
import dev.stele.subscription.Released;
import dev.stele.subscription.Subscriber.Resumed;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * What becomes of a publication whose topic has events that the log has no longer: it stands still
 * and says which, until an operator says where to go on.
 */
@ApplicationScoped
class Restoration {

    private static final Logger LOG = Logger.getLogger(Restoration.class);

    /** Messages that are looked for in the log at once. */
    private static final int MESSAGES_AT_ONCE = 10_000;

    private final EventLog log;
    private final Head head;
    private final Fork fork;
    private final ForkTable table;
    private final KafkaClients clients;
    private final Writers writers;
    private final PublicationConfig config;

    Restoration(
            EventLog log,
            Head head,
            Fork fork,
            ForkTable table,
            KafkaClients clients,
            Writers writers,
            PublicationConfig config) {
        this.log = log;
        this.head = head;
        this.fork = fork;
        this.table = table;
        this.clients = clients;
        this.writers = writers;
        this.config = config;
    }

    /** A publication whose writer is open. */
    record Opened(
            PublicationTable.Version version,
            String topic,
            UUID log,
            RestingWriter writer,
            Lease lease) {}

    /**
     * Where it goes on.
     *
     * @param stored PostgreSQL's checkpoint
     * @param inKafka Kafka's, if there is one
     * @return fails, with what is to be done, while nobody said where to go on
     */
    Uni<Resumed> resume(Opened opened, Sighting stored, Optional<Checkpoint> inKafka) {
        List<Released> released = inKafka.map(Checkpoint::released).orElse(List.of());
        return inKafka.map(each -> head.find(each.at()).map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .chain(sent -> resume(opened, stored, sent, released));
    }

    private Uni<Resumed> resume(
            Opened opened, Sighting stored, Optional<Sighting> sent, List<Released> released) {
        return switch (WhereToGoOn.of(stored, sent)) {
            case WhereToGoOn.Behind(var at) ->
                    stored instanceof Sighting.Gone
                            ? settle(opened, at, released)
                            : Uni.createFrom().item(new Resumed(at, released));
            case WhereToGoOn.Nowhere(var gone) ->
                    known(opened, stored, gone).chain(known -> goOn(opened, known, gone, released));
        };
    }

    private Uni<ForkTable.Known> known(Opened opened, Sighting stored, Sighting.Gone gone) {
        return table.read(opened.version().name(), gone.landmark())
                .chain(
                        known ->
                                known.map(Uni.createFrom()::item)
                                        .orElseGet(() -> found(opened, stored, gone)));
    }

    private Uni<ForkTable.Known> found(Opened opened, Sighting stored, Sighting.Gone gone) {
        return lastOfBoth(opened, stored, gone)
                .chain(last -> table.note(opened.version(), opened.lease(), last, gone.landmark()))
                .map(known -> known.orElseThrow(Restoration::fenced));
    }

    /**
     * PostgreSQL's checkpoint went back with the log, and Kafka's was not behind it then. From
     * there on, the messages tell.
     */
    private Uni<GlobalPosition> lastOfBoth(Opened opened, Sighting stored, Sighting.Gone gone) {
        GlobalPosition upTo = gone.landmark().position();
        GlobalPosition least =
                stored instanceof Sighting.There(var at) && upTo.reached(at.position())
                        ? at.position()
                        : GlobalPosition.BEGINNING;
        SentMessages messages = new SentMessages(clients, opened.topic(), config.forkTimeout());
        return log.events(List.of(least))
                .map(events -> events.stream().findFirst().map(RecordedEvent::recordedAt))
                .map(recorded -> recorded.map(at -> at.minus(config.forkMargin())))
                .chain(
                        since ->
                                writers.call(
                                        () -> messages.between(least, upTo, since.orElse(null))))
                .map(
                        sent ->
                                sent.stream()
                                        .distinct()
                                        .sorted(
                                                Comparator.comparing(Fork.Sent::position)
                                                        .reversed())
                                        .toList())
                .chain(sent -> last(sent, 0))
                .map(last -> last.orElse(least));
    }

    /** The newest that the log still has, from the newest on. */
    private Uni<Optional<GlobalPosition>> last(List<Fork.Sent> sent, int from) {
        if (from >= sent.size()) {
            return Uni.createFrom().item(Optional.empty());
        }
        int end = Math.min(sent.size(), from + MESSAGES_AT_ONCE);
        return fork.last(sent.subList(from, end))
                .chain(last -> last.isPresent() ? Uni.createFrom().item(last) : last(sent, end));
    }

    private Uni<Resumed> goOn(
            Opened opened, ForkTable.Known known, Sighting.Gone gone, List<Released> released) {
        return known.from()
                .map(from -> goOn(opened, known.last(), gone, from, released))
                .orElseGet(
                        () ->
                                Uni.createFrom()
                                        .failure(
                                                new IllegalStateException(
                                                        because(opened, known.last(), gone))));
    }

    private static String because(Opened opened, GlobalPosition last, Sighting.Gone gone) {
        return "the log was restored: Kafka has events at positions %d to %s, of generation %d, that the log, in generation %d, has no longer. Say where to go on: POST /v1/publications/%s/continue"
                .formatted(
                        last.value() + 1,
                        gone.landmark().position(),
                        gone.landmark().generation(),
                        gone.generation(),
                        opened.version().name());
    }

    /** Consumers are told in the very transaction that moves Kafka's checkpoint to the new log. */
    private Uni<Resumed> goOn(
            Opened opened,
            GlobalPosition last,
            Sighting.Gone gone,
            GlobalPosition from,
            List<Released> released) {
        return head.find(Landmark.unnamed(from))
                .map(
                        found ->
                                switch (found) {
                                    case Sighting.There(var at) -> at;
                                    case Sighting.Gone _ ->
                                            throw new IllegalStateException(
                                                    "the log ends before position %s, where it is to go on"
                                                            .formatted(from));
                                })
                .call(
                        at ->
                                opened.writer()
                                        .write(
                                                Stream.of(
                                                        RestoredMessage.of(
                                                                opened.topic(),
                                                                opened.log(),
                                                                opened.version().name(),
                                                                last,
                                                                gone.landmark(),
                                                                at.generation(),
                                                                from)),
                                                opened.lease(),
                                                at,
                                                released))
                .invoke(
                        () ->
                                LOG.infof(
                                        "%s goes on behind position %s",
                                        opened.lease().subscription(), from))
                .chain(at -> settle(opened, at, released));
    }

    private Uni<Resumed> settle(Opened opened, Landmark at, List<Released> released) {
        return table.settle(opened.version(), opened.lease(), at)
                .map(
                        held -> {
                            if (!held) {
                                throw fenced();
                            }
                            return new Resumed(at, released);
                        });
    }

    private static IllegalStateException fenced() {
        return new IllegalStateException("the lease is another's");
    }
}
