package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The deepest data that an event may have is within the default depth, on the threads' stacks. */
class DeepDataTest {

    private static final int NESTING = 256;

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "{a: ., b: [.]}",
                "walk(.)",
                "walk(if type == \"number\" then . + 1 else . end)",
                "def f: if type == \"array\" then map(f) elif type == \"object\" then map_values(f)"
                        + " else . end; f",
                "(.. | numbers) |= . + 1",
                "[..] | length",
                "[.data | recurse(.[]?)] | length",
                "[paths] | length",
                "[leaf_paths] | map(length) | max",
                "pick(.. | numbers)",
                "del(.. | numbers)",
                "tojson | fromjson",
                "\"\\(.)\" | fromjson",
                "[., .] | unique",
                "[.] - [.]",
                "contains(.)",
                ". * .",
                "[.data] | flatten",
                "to_entries",
                "any(..; . == 1)"
            })
    void a_program_reaches_the_bottom(String source) throws Exception {
        JqProgram program = JqLanguageTest.compiled(source);
        try (JqThreads threads = new JqThreads(1, 1)) {
            for (String data :
                    List.of(
                            "[".repeat(NESTING) + "1" + "]".repeat(NESTING),
                            "{\"a\":".repeat(NESTING) + "1" + "}".repeat(NESTING))) {
                JsonNode event =
                        Objects.requireNonNull(
                                JsonText.parse("{\"data\":" + data + "}", NESTING + 1));

                JqOutcome outcome =
                        threads.call(() -> program.run(event, Map.of())).get(30, TimeUnit.SECONDS);

                assertInstanceOf(JqOutcome.Values.class, outcome, source);
            }
        }
    }
}
