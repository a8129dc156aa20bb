package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class JqCompilationTest {

    @Test
    void a_refusal_says_what_and_where() {
        assertEquals(refused("the variable $foo is not defined", 2, 5), compile(".a |\n    $foo"));
        assertEquals(refused("the function now/0 is not defined", 1, 7), compile("1 + ( now )"));
        assertEquals(refused("the program ends where an expression belongs", 1, 3), compile("1 +"));
        assertEquals(refused("there is ']' where ')' belongs", 1, 3), compile("(1]"));
    }

    @Test
    void text_that_has_no_words_is_refused_on_its_line() {
        var refusal = assertInstanceOf(JqCompilation.Refused.class, compile("1 + ^"));

        assertEquals(1, refusal.line());
    }

    @Test
    void only_declared_variables_exist() {
        assertInstanceOf(JqCompilation.Compiled.class, compile("$event", "event", "key"));
        assertEquals(refused("the variable $key is not defined", 1, 1), compile("$key", "event"));
    }

    @Test
    void a_declared_variable_needs_a_value() {
        JqProgram program = JqLanguageTest.compiled("$event", "event");

        assertThrows(
                IllegalArgumentException.class,
                () -> program.run(NullNode.getInstance(), Map.of()));
    }

    @Test
    void work_that_finds_the_queue_full_is_refused() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (JqThreads threads = new JqThreads(1, 1)) {
            var running = threads.call(() -> waitFor(release));
            var queued = threads.call(() -> waitFor(release));
            var refused = threads.call(() -> waitFor(release));

            var failure = assertThrows(ExecutionException.class, refused::get);
            assertInstanceOf(RejectedExecutionException.class, failure.getCause());
            release.countDown();
            assertEquals("done", running.get());
            assertEquals("done", queued.get());
        }
    }

    private static String waitFor(CountDownLatch release) {
        try {
            release.await();
            return "done";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JqCompilation.Refused refused(String message, int line, int column) {
        return new JqCompilation.Refused(message, line, column);
    }

    private static JqCompilation compile(String source, String... variables) {
        return JqProgram.compile(source, JqLimits.defaults(), variables);
    }
}
