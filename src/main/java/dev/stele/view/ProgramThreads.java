package dev.stele.view;

import dev.stele.jq.JqThreads;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/** The threads that the programs of all views share: never an event loop. */
@ApplicationScoped
class ProgramThreads {

    private static final int MIN_THREADS = 2;

    private final JqThreads threads;

    ProgramThreads(ViewConfig config) {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        this.threads =
                new JqThreads(
                        config.threads().orElse(Math.max(MIN_THREADS, half)), config.threadQueue());
    }

    /** Runs the work on one of them; what follows stays there until it waits for something else. */
    <T> Uni<T> call(Supplier<T> work) {
        return Uni.createFrom().completionStage(() -> threads.call(work));
    }

    @PreDestroy
    void close() {
        threads.close();
    }
}
