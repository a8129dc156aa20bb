package dev.stele.publish;

import dev.stele.subscription.Lease;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Makes the writers of publications. */
@ApplicationScoped
class Writers {

    private final OpenWriters places;
    private final KafkaClients clients;
    private final Topics topics;
    private final PublicationConfig config;

    Writers(OpenWriters places, KafkaClients clients, Topics topics, PublicationConfig config) {
        this.places = places;
        this.clients = clients;
        this.topics = topics;
        this.config = config;
    }

    /**
     * One that is not opened yet.
     *
     * @param maxBatchBytes what the broker takes at once for the topic
     * @param requireCurrent fails when the lease is lost, or another version may run
     */
    RestingWriter of(
            PublicationTable.Version version,
            UUID log,
            int maxBatchBytes,
            Function<Lease, Uni<Void>> requireCurrent) {
        CheckpointTopic checkpoints =
                new CheckpointTopic(
                        clients, topics.checkpoints(), log, version.name(), config.answerTimeout());
        return new RestingWriter(
                places,
                () ->
                        new RecordWriter(
                                Infrastructure.getDefaultWorkerPool(),
                                clients,
                                config,
                                checkpoints,
                                version.number()),
                requireCurrent,
                "stele.%s.%s".formatted(log, version.name()),
                maxBatchBytes);
    }

    /** Does something where writers work. */
    <T> Uni<T> call(Callable<T> work) {
        return Blocking.on(Infrastructure.getDefaultWorkerPool(), work);
    }
}
