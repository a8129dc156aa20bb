package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile programs: each ends, as {@code hostile.txt} says how, and the next one works. */
class JqBudgetTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Far more than a run takes: whoever gets here was not stopped by a limit of work or size. */
    private static final JqLimits LIMITS = withTime(Duration.ofMinutes(1));

    /** What all of them together may leave behind, whatever other tests have. */
    private static final long MUCH_HEAP_BYTES = 64L << 20;

    private static JqThreads threads;
    private static long heapBytesBefore;

    @BeforeAll
    static void start() {
        threads = new JqThreads(1, 10);
        heapBytesBefore = heapBytes();
    }

    @AfterAll
    static void they_leave_no_heap_in_use() {
        threads.close();
        long left = heapBytes() - heapBytesBefore;
        assertTrue(left < MUCH_HEAP_BYTES, left + " more bytes of heap are in use");
    }

    private static long heapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    static Stream<Arguments> lines() {
        return DataLines.of("hostile.txt");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void a_hostile_program_ends_within_its_budget(String source, String expected) throws Exception {
        assertEquals(expected, ending(source));

        assertEquals("values [3]", ending("1 + 2"));
    }

    static Stream<Arguments> vastTexts() {
        return Stream.of(
                Arguments.of("brackets", "[".repeat(30_000), "refused nested"),
                Arguments.of("parentheses", "(".repeat(30_000), "refused nested"),
                Arguments.of("balanced", "[".repeat(9_000) + "]".repeat(9_000), "refused nested"),
                Arguments.of("braces", "{a:".repeat(9_000), "refused nested"),
                Arguments.of("minuses", "-".repeat(9_000) + "1", "refused nested"),
                Arguments.of("tries", "try ".repeat(8_000) + "1", "refused nested"),
                Arguments.of("reduces", "reduce ".repeat(4_000) + "1", "refused nested"),
                Arguments.of("defs", "def f: ".repeat(4_000) + "1", "refused nested"),
                Arguments.of("ifs", "if ".repeat(9_000) + "1", "refused nested"),
                Arguments.of(
                        "elifs", "if 1 then 1 " + "elif 1 then 1 ".repeat(2_000), "refused nested"),
                Arguments.of("assignments", "1 as $x | ".repeat(3_000) + "1", "refused nested"),
                Arguments.of("labels", "label $x | ".repeat(2_000) + "1", "refused nested"),
                Arguments.of("patterns", ". as " + "[".repeat(9_000), "refused nested"),
                Arguments.of("alternatives", "null // ".repeat(3_000) + "1", "refused nested"),
                Arguments.of("strings", "\"\\(".repeat(9_000), "refused nested"),
                Arguments.of("too long", "1".repeat(100_000), "refused longer"),
                Arguments.of("ors", "null or ".repeat(3_900) + "true", "values [true]"),
                Arguments.of("ands", "true and ".repeat(3_500) + "true", "values [true]"),
                Arguments.of("sums", "1 + ".repeat(8_000) + "1", "values [8001]"),
                Arguments.of("pipes", ". | ".repeat(8_000) + "1", "values [1]"),
                Arguments.of("fields", ".z".repeat(16_000), "values [null]"),
                Arguments.of("quiet fields", ".z?".repeat(10_000), "values [null]"),
                Arguments.of("quiet iterations", ".[]?".repeat(8_000), "values []"),
                Arguments.of("questions", "1" + "?".repeat(30_000), "values [1]"),
                Arguments.of("commas", "[1" + ",1".repeat(16_000) + "] | length", "values [16001]"),
                Arguments.of("digits", "1".repeat(30_000) + " | . == .", "values [true]"),
                Arguments.of("more digits", "1".repeat(30_000) + " | . + 1", "failed integer"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vastTexts")
    void a_vast_program_ends_within_its_budget(String name, String source, String expected)
            throws Exception {
        String ending = ending(source);

        assertTrue(ending.startsWith(expected), name + ": " + ending);
        assertEquals("values [3]", ending("1 + 2"));
    }

    @Test
    void a_slow_machine_is_stopped_by_the_clock() throws Exception {
        JqLimits hasty =
                new JqLimits(1L << 50, Duration.ofMillis(20), 500, 1L << 40, 1000, 10, 1000);

        assertEquals("over maxTime", ending("last(range(1e12))", hasty, "null"));
    }

    @Test
    void a_small_stack_ends_like_a_small_depth() throws Exception {
        JqLimits deep =
                new JqLimits(1_000_000, Duration.ofMinutes(1), 1_000_000, 1L << 30, 1000, 10, 1000);

        assertEquals("over maxDepth", ending("def f: 1 + f; f", deep, "null"));
    }

    @Test
    void the_steps_are_the_same_in_every_run() throws Exception {
        String source =
                "[range(1000) | {a: ., b: \"\\(.)\"}] | group_by(.a % 7) | map(length) | add";
        long enough = 1;
        while (!ending(source, withSteps(enough), "null").equals("values [1000]")) {
            enough++;
            enough += enough / 64;
        }
        for (int round = 0; round < 3; round++) {
            assertEquals("values [1000]", ending(source, withSteps(enough), "null"));
        }
    }

    private static String ending(String source) throws Exception {
        return ending(source, LIMITS, "{\"a\":[1,2,3],\"b\":{\"c\":\"text\"}}");
    }

    private static String ending(String source, JqLimits limits, String input) throws Exception {
        JsonNode in = MAPPER.readTree(input);
        return threads.call(() -> ending(JqProgram.compile(source, limits), in)).get();
    }

    private static String ending(JqCompilation compilation, JsonNode in) {
        return switch (compilation) {
            case JqCompilation.Refused refused -> "refused " + reason(refused.message());
            case JqCompilation.Compiled(JqProgram program) ->
                    switch (program.run(in, Map.of())) {
                        case JqOutcome.Values(List<JsonNode> values) -> "values " + values;
                        case JqOutcome.Failed(String error) -> "failed " + reason(error);
                        case JqOutcome.OverBudget(String budget, String _) -> "over " + budget;
                    };
        };
    }

    private static String reason(String message) {
        return message.replace("the program is ", "");
    }

    private static JqLimits withTime(Duration time) {
        JqLimits d = JqLimits.defaults();
        return new JqLimits(
                d.maxSteps(),
                time,
                d.maxDepth(),
                d.maxMadeBytes(),
                d.maxOutputBytes(),
                d.maxValues(),
                d.maxProgramChars());
    }

    private static JqLimits withSteps(long steps) {
        JqLimits d = LIMITS;
        return new JqLimits(
                steps,
                d.maxTime(),
                d.maxDepth(),
                d.maxMadeBytes(),
                d.maxOutputBytes(),
                d.maxValues(),
                d.maxProgramChars());
    }
}
