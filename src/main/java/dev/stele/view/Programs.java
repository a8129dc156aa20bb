package dev.stele.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stele.jq.JqCompilation;
import dev.stele.jq.JqLimits;
import dev.stele.jq.JqProgram;
import dev.stele.jq.JqThreads;
import dev.stele.json.Parsed.Flaw;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The programs of definitions: what they may spend, and the threads that they share. */
@ApplicationScoped
public class Programs {

    private static final int MIN_THREADS = 2;

    private final JqThreads threads;
    private final JqLimits limits;

    Programs(ViewConfig config) {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        this.threads =
                new JqThreads(
                        config.threads().orElse(Math.max(MIN_THREADS, half)), config.threadQueue());
        this.limits = limits(config.program());
    }

    static JqLimits limits(ViewConfig.Program budget) {
        return new JqLimits(
                budget.steps(),
                budget.time(),
                budget.depth(),
                budget.builtBytes(),
                budget.valueBytes(),
                budget.keys(),
                budget.chars());
    }

    /** What a run may spend. */
    public JqLimits limits() {
        return limits;
    }

    /**
     * The program of a member of a definition; null, and a flaw, when it does not compile.
     *
     * @param variables that it may use
     */
    public static @Nullable JqProgram compile(
            String pointer, String source, JqLimits limits, List<Flaw> flaws, String... variables) {
        return switch (JqProgram.compile(source, limits, variables)) {
            case JqCompilation.Compiled(var program) -> program;
            case JqCompilation.Refused(var message, var line, var column) -> {
                String place = line == 0 ? "" : ", at line %d, column %d".formatted(line, column);
                flaws.add(new Flaw(pointer, message + place));
                yield null;
            }
        };
    }

    /** Why nobody could read what a program yielded, if it were written; null when they can. */
    public static @Nullable String problem(JsonNode yielded) {
        return EntryValue.problem(yielded);
    }

    /** What a program yielded, as JSON text. */
    public static String json(JsonNode yielded) {
        return EntryValue.text(EntryValue.canonical(yielded));
    }

    /**
     * Runs the work on one of the threads, never an event loop; what follows stays there until it
     * waits for something else.
     */
    public <T> Uni<T> call(Supplier<T> work) {
        return Uni.createFrom().completionStage(() -> threads.call(work));
    }

    @PreDestroy
    void close() {
        threads.close();
    }
}
