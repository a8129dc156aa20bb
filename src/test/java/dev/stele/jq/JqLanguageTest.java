package dev.stele.jq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs mean: input, program, values or error, a line each in {@code language.txt}. */
class JqLanguageTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Stream<Arguments> lines() {
        return DataLines.of("language.txt");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("lines")
    void a_program_yields_its_values(String input, String source, String expected)
            throws Exception {
        JqOutcome outcome = compiled(source).run(MAPPER.readTree(input), Map.of());

        String seen =
                switch (outcome) {
                    case JqOutcome.Values(List<JsonNode> values) ->
                            MAPPER.createArrayNode().addAll(values).toString();
                    case JqOutcome.Failed(String error) -> "error: " + error;
                    case JqOutcome.OverBudget(String budget, String _) -> "over " + budget;
                };
        boolean isJson = expected.startsWith("[");
        assertEquals(isJson ? MAPPER.readTree(expected).toString() : expected, seen);
    }

    @Test
    void a_handler_folds_an_event_into_its_state() throws Exception {
        JqProgram program =
                compiled(".balance += $event.data.amount | .key = $key", "event", "key");
        JsonNode state = MAPPER.readTree("{\"balance\": 5, \"owner\": {\"name\": \"ann\"}}");
        JsonNode event = MAPPER.readTree("{\"data\": {\"amount\": 7}}");

        JqOutcome outcome =
                program.run(state, Map.of("event", event, "key", MAPPER.valueToTree("a")));

        JsonNode expected =
                MAPPER.readTree(
                        "{\"balance\": 12, \"owner\": {\"name\": \"ann\"}, \"key\": \"a\"}");
        assertEquals(new JqOutcome.Values(List.of(expected)), outcome);
        assertEquals(5, state.get("balance").intValue());
    }

    @Test
    void a_result_stays_as_it_is_when_later_runs_change_it() throws Exception {
        JqProgram program = compiled(".items += [.n] | .n += 1 | .items[0].seen |= . + 1");
        JsonNode state = MAPPER.readTree("{\"n\": 0, \"items\": [{\"seen\": 0}]}");
        for (int round = 1; round <= 5; round++) {
            JsonNode before = state.deepCopy();
            var values = assertInstanceOf(JqOutcome.Values.class, program.run(state, Map.of()));
            assertEquals(before, state);
            state = values.values().getFirst();
            assertEquals(round, state.get("items").get(0).get("seen").intValue());
        }
    }

    static JqProgram compiled(String source, String... variables) {
        JqCompilation compilation = JqProgram.compile(source, JqLimits.defaults(), variables);
        return switch (compilation) {
            case JqCompilation.Compiled(JqProgram program) -> program;
            case JqCompilation.Refused refused -> throw new AssertionError(source + ": " + refused);
        };
    }
}
