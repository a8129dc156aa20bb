package dev.stele.definition;

import dev.stele.jq.JqCompilation;
import dev.stele.jq.JqLimits;
import dev.stele.jq.JqProgram;
import dev.stele.jq.JqThreads;
import dev.stele.json.Parsed.Flaw;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The programs of definitions: what they may spend, and the threads that they share. */
@ApplicationScoped
public class Programs {

    private static final int MIN_THREADS = 2;

    private final JqThreads threads;
    private final JqLimits limits;

    Programs(ProgramConfig config) {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        this.threads =
                new JqThreads(config.threads().orElse(Math.max(MIN_THREADS, half)), config.queue());
        this.limits =
                new JqLimits(
                        config.steps(),
                        config.time(),
                        config.depth(),
                        config.builtBytes(),
                        config.valueBytes(),
                        config.values(),
                        config.chars());
    }

    /** What a run may spend. */
    public JqLimits limits() {
        return limits;
    }

    /**
     * Runs the work on one of the threads, never an event loop; what follows stays there until it
     * waits for something else. Fails with {@link Overloaded} when too much waits already.
     */
    public <T> Uni<T> call(Supplier<T> work) {
        return Uni.createFrom()
                .completionStage(() -> threads.call(work))
                .onFailure(RejectedExecutionException.class)
                .transform(_ -> new Overloaded());
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    /** The queue of the threads is full: nothing was run, and a repeat may be. */
    public static final class Overloaded extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Overloaded() {
            super("too many programs wait for a thread", null, false, false);
        }
    }

    /** Compiles the programs of one definition, and notes those that are none. */
    public static final class Compiler {

        private final JqLimits limits;
        private final List<Flaw> flaws = new ArrayList<>();

        Compiler(JqLimits limits) {
            this.limits = limits;
        }

        /**
         * The program of a member; null, and a flaw with its place, when it does not compile.
         *
         * @param pointer to the member
         * @param variables that it may use
         */
        public @Nullable JqProgram compile(String pointer, String source, String... variables) {
            return switch (JqProgram.compile(source, limits, variables)) {
                case JqCompilation.Compiled(var program) -> program;
                case JqCompilation.Refused(var message, var line, var column) -> {
                    String place =
                            line == 0 ? "" : ", at line %d, column %d".formatted(line, column);
                    flaws.add(new Flaw(pointer, message + place));
                    yield null;
                }
            };
        }

        List<Flaw> flaws() {
            return flaws;
        }
    }
}
